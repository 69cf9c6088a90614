import { kpiService } from '../src/index';
import { replayCommand } from '../src/projection/replay.command';
import { goneEvent, offerEvent, priceEvent, secondsAgo, syncEvent } from './support/market-log';
import { startKpi, type RunningKpi } from './support/running-kpi';

let kpi: RunningKpi;
const said: string[] = [];

beforeAll(async () => {
  kpi = await startKpi();
  const states = Array.from({ length: 1_500 }, (_, index) =>
    offerEvent(`o-${index % 700}`, { price_per_hour: index / 1_000, observed_at: secondsAgo(2_000 - index) }),
  );
  const prices = Array.from({ length: 1_500 }, (_, index) =>
    priceEvent(`o-${index % 700}`, index / 1_000, secondsAgo(2_000 - index)),
  );
  await kpi.log.publish(...states, ...prices, goneEvent('o-3'), syncEvent({ at: secondsAgo(90) }), syncEvent());
  // What nobody can read is left out.
  await kpi.log.transport.publish([{ topic: 'offers', key: 'o-1', value: '{', headers: {} }]);
  await kpi.caughtUp();
});

afterAll(() => kpi.stop());

const TABLES = ['offers', 'providers', 'syncs', 'price_points', 'last_prices'] as const;
async function contents(): Promise<unknown[][]> {
  const tables: unknown[][] = [];
  for (const table of TABLES) tables.push(await kpi.sql(`SELECT * FROM kpi.${table} ORDER BY ${table}::text`));
  return tables;
}
const replay = () =>
  replayCommand(kpiService.loadConfig({ DATABASE_URL: kpi.database.url }).own, (line) => void said.push(line));

it('gives the same tables from zero, while the service runs', async () => {
  const before = await contents();
  expect(await replay()).toBe(0);
  expect(await contents()).toEqual(before);
  expect(said).toEqual([
    'offers: 1501 events folded',
    'price_updates: 1500 events folded',
    'provider_syncs: 2 events folded',
    '1 records could not be read and were left out',
    'the projection is rebuilt',
  ]);
});

it('mends what was written wrongly, and keeps what the log no longer has', async () => {
  const before = await contents();
  await kpi.sql("UPDATE kpi.offers SET price_per_hour = 99, observed_at = now() + interval '1 day'");
  await kpi.sql("DELETE FROM kpi.offers WHERE offer_id > 'o-5'");
  await kpi.sql('DELETE FROM kpi.price_points WHERE price_per_hour < 0.5');
  await kpi.sql(
    `INSERT INTO kpi.price_points SELECT 'nobody', now(), gen_random_uuid(), 'p', 'g', 1, 'USD', 'available'`,
  );
  expect(await replay()).toBe(0);
  expect(await contents()).toEqual(before);
  await kpi.sql(
    `INSERT INTO kpi.price_points SELECT 'old', now() - interval '20 days', gen_random_uuid(), 'p', 'g', 1, 'USD', 'available'`,
  );
  await replay();
  expect(await kpi.sql("SELECT 1 FROM kpi.price_points WHERE offer_id = 'old'")).toHaveLength(1);
});

it('folds what comes while the tables are rebuilt, once that is over', async () => {
  await kpi.sql("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('kpi:projection', 0))");
  await kpi.log.publish(offerEvent('late', { price_per_hour: 5, observed_at: secondsAgo(0) }));
  const known = () => kpi.sql("SELECT 1 FROM kpi.offers WHERE offer_id = 'late'");
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await known()).toHaveLength(0);
  await kpi.sql('COMMIT');
  await kpi.caughtUp();
  expect(await known()).toHaveLength(1);
  const letters = await kpi.sql<{ dlq: number }>(
    "SELECT count(*)::int AS dlq FROM events.event_log WHERE topic = 'offers.dlq' AND key = 'late'",
  );
  expect(letters).toEqual([{ dlq: 0 }]);
});
