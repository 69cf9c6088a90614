import type { KpiOverviewDto, MarketInsightsDto } from '@gpubroker/contracts/kpi';
import { eventually } from '@gpubroker/testing/eventually';
import { Forgetting } from '../src/projection/forgetting';
import { goneEvent, offerEvent, priceEvent, secondsAgo, syncEvent } from './support/market-log';
import { startKpi, type RunningKpi } from './support/running-kpi';

let kpi: RunningKpi;

beforeAll(async () => {
  kpi = await startKpi();
});

beforeEach(async () => {
  await kpi.caughtUp();
  await kpi.sql('TRUNCATE kpi.offers, kpi.providers, kpi.syncs, kpi.price_points');
});

afterAll(() => kpi.stop());

const counted = async (): Promise<string[]> => {
  await kpi.caughtUp();
  const rows = await kpi.sql<{ offer_id: string }>('SELECT offer_id FROM kpi.counted_offers ORDER BY offer_id');
  return rows.map(({ offer_id }) => offer_id);
};
const priceOf = async (id: string): Promise<number | undefined> => {
  await kpi.caughtUp();
  const [row] = await kpi.sql<{ price: number }>(
    'SELECT price_per_hour::float8 AS price FROM kpi.offers WHERE offer_id = $1',
    [id],
  );
  return row?.price;
};

describe('the state of an offer', () => {
  it('is the newest one, although an older one comes later', async () => {
    await kpi.log.publish(
      offerEvent('a', { price_per_hour: 3, observed_at: secondsAgo(10) }),
      offerEvent('a', { price_per_hour: 9, observed_at: secondsAgo(20) }),
    );
    expect(await priceOf('a')).toBe(3);
    await kpi.log.publish(offerEvent('a', { price_per_hour: 9, observed_at: secondsAgo(30) }));
    expect(await priceOf('a')).toBe(3);
    await kpi.log.publish(offerEvent('a', { price_per_hour: 4, observed_at: secondsAgo(5) }));
    expect(await priceOf('a')).toBe(4);
  });

  it('is folded once although the event comes twice', async () => {
    const first = offerEvent('a', { price_per_hour: 3 });
    await kpi.log.publish(first, first);
    await kpi.log.publish(offerEvent('a', { price_per_hour: 4, observed_at: secondsAgo(0) }), first);
    expect(await priceOf('a')).toBe(4);
  });

  it('is gone after a tombstone, and back with a newer state', async () => {
    await kpi.log.publish(offerEvent('a', { observed_at: secondsAgo(9) }), offerEvent('b'), goneEvent('a'));
    expect(await counted()).toEqual(['b']);
    await kpi.log.publish(offerEvent('a', { observed_at: secondsAgo(8) }));
    expect(await counted()).toEqual(['a', 'b']);
  });
});

describe('an offer counts', () => {
  it('when it is listed, to be had, priced, and of the source that its cloud has now', async () => {
    await kpi.log.publish(
      syncEvent({ source: 'live' }),
      offerEvent('good'),
      offerEvent('limited', { availability_status: 'limited' }),
      offerEvent('away', { availability_status: 'unavailable' }),
      offerEvent('hidden', { listed: false }),
      offerEvent('free', { price_per_hour: 0 }),
      offerEvent('emulated', { source: 'emulator' }),
    );
    expect(await counted()).toEqual(['good', 'limited']);
  });

  it('until the last good sync of its cloud is three intervals ago', async () => {
    const pace = { interval_seconds: 100, ok: true } as const;
    await kpi.log.publish(
      syncEvent({ ...pace, provider: 'fresh', at: secondsAgo(290) }),
      syncEvent({ ...pace, provider: 'old', at: secondsAgo(310) }),
      syncEvent({ ...pace, provider: 'old', ok: false, at: secondsAgo(10), last_good_sync_at: secondsAgo(310) }),
      offerEvent('a', { provider: 'fresh' }),
      offerEvent('b', { provider: 'old' }),
    );
    expect(await counted()).toEqual(['a']);
    await kpi.log.publish(syncEvent({ ...pace, provider: 'old', at: secondsAgo(0) }));
    expect(await counted()).toEqual(['a', 'b']);
  });

  it('by its own age while nobody has said how its cloud does', async () => {
    await kpi.log.publish(
      offerEvent('new', { provider: 'unheard' }),
      offerEvent('old', { provider: 'unheard', last_seen_at: secondsAgo(1_000), observed_at: secondsAgo(1_000) }),
    );
    expect(await counted()).toEqual(['new']);
  });

  it('by the time of good syncs, where a producer does not say more', async () => {
    const bare = { source: null, interval_seconds: null, last_good_sync_at: null } as const;
    await kpi.log.publish(
      syncEvent({ ...bare, at: secondsAgo(800) }),
      syncEvent({ ...bare, at: secondsAgo(5), ok: false }),
      offerEvent('a'),
    );
    expect(await counted()).toEqual(['a']);
    await kpi.sql("UPDATE kpi.providers SET last_good_sync_at = now() - interval '901 seconds'");
    expect(await counted()).toEqual([]);
  });
});

it('keeps what an older sync says from undoing a newer one', async () => {
  await kpi.log.publish(syncEvent({ at: secondsAgo(10), source: 'live', interval_seconds: 60 }));
  await kpi.log.publish(syncEvent({ at: secondsAgo(50), source: 'emulator', interval_seconds: 5 }));
  await kpi.caughtUp();
  const [cloud] = await kpi.sql<{ source: string; interval_seconds: number }>('SELECT * FROM kpi.providers');
  expect(cloud).toMatchObject({ source: 'live', interval_seconds: 60 });
});

it('keeps every price point once, and forgets those that no window reaches', async () => {
  const day = 86_400;
  const inForce = priceEvent('a', 2, secondsAgo(32 * day));
  await kpi.log.publish(
    priceEvent('a', 1, secondsAgo(40 * day)),
    inForce,
    inForce,
    priceEvent('a', 3, secondsAgo(2 * day)),
    priceEvent('b', 5, secondsAgo(50 * day)),
    priceEvent('b', 5, secondsAgo(45 * day), { availability_status: 'unavailable' }),
  );
  await kpi.caughtUp();
  const prices = () =>
    kpi.sql<{ price: number }>('SELECT price_per_hour::float8 AS price FROM kpi.price_points ORDER BY offer_id, at');
  expect((await prices()).map(({ price }) => price)).toEqual([1, 2, 3, 5, 5]);
  await kpi.service.app.get(Forgetting).forget(new Date());
  expect((await prices()).map(({ price }) => price)).toEqual([2, 3]);
});

it('folds ten thousand changes in batches', async () => {
  const events = Array.from({ length: 10_000 }, (_, index) =>
    offerEvent(`o-${index % 2_500}`, {
      price_per_hour: index / 10_000,
      observed_at: new Date(Date.now() - 20_000 + index).toISOString(),
    }),
  );
  for (let start = 0; start < events.length; start += 1_000) {
    await kpi.log.publish(...events.slice(start, start + 1_000));
  }
  await eventually(
    () => kpi.get<KpiOverviewDto>('overview'),
    ({ body }) => body.total_offers === 2_500 && body.avg_price_per_hour === 0.875,
    { timeoutMs: 25_000 },
  );
  const market = await kpi.until<MarketInsightsDto>('insights/market', ({ total_offers }) => total_offers === 2_500);
  expect(market.most_expensive_gpu_offer?.price_per_hour).toBe(0.9999);
});
