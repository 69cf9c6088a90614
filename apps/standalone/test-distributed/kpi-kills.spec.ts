/**
 * kpi says what providers has, whatever happens to it: price lists of 5,000 offers in 21 editions make more than 100,000
 * changes while kpi is killed with -9 thirty times; then events come twice, and then everything is folded from zero.
 *
 * Compared: tables row by row by SQL (in one database here), and every figure by `kpi:reconcile` over HTTP.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { offers, priceUpdates, providerSyncs } from '@gpubroker/contracts/events';
import type { EventRecord } from '@gpubroker/events/transport';
import { openEventLog, type EventLog } from '@gpubroker/platform/events';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { killAtRandom } from './support/killer';
import { Ledger } from './support/ledger';
import { LISTED_CLOUDS, PriceLists } from './support/price-lists';
import { cloudsBut, elsewhere } from './support/price-system';
import { ServiceProcess, stopEveryProcess } from './support/service-process';

const OFFERS = 5_000;
const EDITIONS = 21;
const CHANGES = 100_000;
const KILLS = 30;
/** On average, its start included: it dies while it starts, while it catches up, and while it follows. */
const LIFE_MS = 1_500;
const TWICE = 20_000;
const PATIENCE = { timeoutMs: 120_000, everyMs: 200 };
const TOPICS = [offers.topic, priceUpdates.topic, providerSyncs.topic];
const APPS = resolve(__dirname, '../..');

let database: FreshDatabase;
let ledger: Ledger;
let log: EventLog;
let providers: ServiceProcess;
let kpi: ServiceProcess;
const lists = new PriceLists(OFFERS);

beforeAll(async () => {
  database = await freshDatabase();
  const env = { DATABASE_URL: database.url, LIVE_CLOUDS: 'off', LOG_LEVEL: 'error' };
  execFileSync(process.execPath, [join(APPS, 'providers/dist-app/distributed-migrate.js')], { env });
  ledger = new Ledger(database.url, []);
  log = openEventLog('kpi-kills', { kafkaBrokers: [], databaseUrl: database.url, databaseDirectUrl: database.url }, {});
  const others = cloudsBut([]);
  await ledger.retire(others);
  lists.publish();
  [providers, kpi] = await Promise.all([
    ServiceProcess.prepare({
      name: 'providers',
      program: 'providers/dist-app/distributed.js',
      portVariable: 'PROVIDERS_PORT',
      env: {
        ...env,
        ...elsewhere(others),
        CATALOG_DIR: lists.directory,
        CLOUD_EMULATOR_URL: 'http://127.0.0.1:9',
        MATH_CORE_URL: 'http://127.0.0.1:9',
        SYNC_INTERVAL_SECONDS: '2',
      },
    }),
    ServiceProcess.prepare({
      name: 'kpi',
      program: 'kpi/dist-app/distributed.js',
      portVariable: 'KPI_PORT',
      env: { ...env, MATH_CORE_URL: 'http://127.0.0.1:9' },
    }),
  ]);
  await Promise.all([providers.start(), kpi.start()]);

  const begun = performance.now();
  await Promise.all([changePrices(), killAtRandom(kpi, KILLS, LIFE_MS)]);
  await ledger.untilAllIsWritten(LISTED_CLOUDS);
  const written = performance.now();
  await untilFolded();
  console.log(
    `${await ledger.historyCount()} changes and ${kpi.kills} kills in ${seconds(written - begun)}, folded ${seconds(performance.now() - written)} later`,
  );
});

afterAll(async () => {
  await stopEveryProcess();
  await log.close();
  await ledger.close();
  await database.drop();
  lists.remove();
});

describe('kpi, killed thirty times while a hundred thousand changes came', () => {
  it('has every change, once', async () => {
    expect(await ledger.historyCount()).toBeGreaterThan(CHANGES);
    expect(kpi.kills).toBe(KILLS);
    expect(await countOf(BETWEEN_HISTORIES)).toBe(0);
    expect(await countOf("SELECT 1 FROM events.event_log WHERE topic LIKE '%.dlq'")).toBe(0);
  });

  it('has every offer as providers has it', async () => {
    expect(await countOf(BETWEEN_OFFERS)).toBe(0);
  });

  it('has the figures that the catalogue of providers has', () => {
    expect(reconcile()).toMatch(/ figures of kpi beside \d+ offers of catalogue version \d+: all agree/);
  });

  it('changes nothing when events come twice', async () => {
    // From here on nothing new may come: each sync is an event.
    await providers.stop();
    await untilFolded();
    const before = await fingerprints();
    const repeated = (await Promise.all(TOPICS.map((topic) => newest(topic, TWICE)))).flat();
    expect(repeated.length).toBeGreaterThan(TWICE);
    await inParts(repeated, (part) => ledger.append(part));
    await untilFolded();
    expect(await fingerprints()).toEqual(before);
  });

  it('has the same tables after a replay from zero, and the same figures', async () => {
    const before = await fingerprints();
    const said = execFileSync(process.execPath, [join(APPS, 'kpi/dist-app/distributed-replay.js')], {
      env: { DATABASE_URL: database.url },
      encoding: 'utf8',
    });
    expect(said).toContain('the projection is rebuilt');
    expect(await fingerprints()).toEqual(before);
    await providers.start();
    expect(reconcile()).toContain('all agree');
  });
});

async function changePrices(): Promise<void> {
  for (let edition = 1; edition <= EDITIONS; edition += 1) {
    await eventually(
      () => ledger.historyCount(),
      // What the last edition left out is not in this one's count.
      (changes) => changes >= (edition - 0.5) * OFFERS,
      PATIENCE,
    );
    lists.publish();
  }
}

/** Everything that is in the log. */
async function untilFolded(): Promise<void> {
  await eventually(
    () => log.transport.lag('kpi', TOPICS),
    (lags) => lags.every(({ lag }) => lag === 0),
    PATIENCE,
  );
}

/** Its lines; fails with them when the figures differ. */
function reconcile(): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(APPS, 'kpi/dist-app/distributed-reconcile.js'), '--within', '60'],
    { env: { KPI_URL: kpi.url, PROVIDERS_URL: providers.url }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`reconcile ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

async function newest(topic: string, most: number): Promise<EventRecord[]> {
  const records: EventRecord[] = [];
  for await (const { key, value, headers } of log.transport.replay(topic, 'earliest'))
    records.push({ topic, key, value, headers });
  return records.slice(-most);
}

async function inParts(records: readonly EventRecord[], send: (part: readonly EventRecord[]) => Promise<void>) {
  for (let start = 0; start < records.length; start += 1_000) await send(records.slice(start, start + 1_000));
}

async function fingerprints(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of ['offers', 'price_points', 'syncs', 'providers']) {
    const { rows } = await ledger.pool.query<{ print: string }>(
      `SELECT count(*) || ' ' || md5(string_agg(row::text, ' ' ORDER BY row::text)) AS print FROM kpi.${table} AS row`,
    );
    found[table] = rows[0]?.print ?? '';
  }
  return found;
}

async function countOf(query: string): Promise<number> {
  const { rows } = await ledger.pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM (${query}) AS found`);
  return rows[0]?.count ?? Number.NaN;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const bothWays = (one: string, other: string): string =>
  `(${one} EXCEPT ALL ${other}) UNION ALL (${other} EXCEPT ALL ${one})`;
const BETWEEN_HISTORIES = bothWays(
  'SELECT offer_id::text, price_per_hour, availability_status FROM public.price_history',
  'SELECT offer_id, price_per_hour, availability_status FROM kpi.price_points',
);
const BETWEEN_OFFERS = bothWays(
  `SELECT offer.id::text, cloud.name::text, gpu_type::text, price_per_hour, currency::text, availability_status::text, offer.source::text
   FROM public.gpu_offers AS offer JOIN public.providers AS cloud ON cloud.id = provider_id`,
  'SELECT offer_id, provider, gpu_type, price_per_hour, currency, availability_status, source FROM kpi.offers WHERE NOT gone',
);
