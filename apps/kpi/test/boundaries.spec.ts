import type { OfferState } from '@gpubroker/contracts/events';
import type {
  GpuKpiDto,
  KpiOverviewDto,
  MarketInsightsDto,
  MarketShareDto,
  PriceDistributionDto,
  PriceTrendDto,
  ProviderKpiDto,
  SavingsDto,
} from '@gpubroker/contracts/kpi';
import type { NewEvent } from '@gpubroker/events/outbox';
import { setTimeout as sleep } from 'node:timers/promises';
import { goneEvent, offerEvent, priceEvent, secondsAgo, syncEvent } from './support/market-log';
import { startKpi, type RunningKpi } from './support/running-kpi';
import { schemaProblems, type ApiDocument } from './support/schema-problems';

/** Answers are kept for a second. */
const KEPT_MS = 1_100;
const TABLES = ['offers', 'providers', 'syncs', 'price_points', 'last_prices', 'day_prices'];
const PATHS = {
  overview: 'overview',
  market: 'insights/market',
  distribution: 'price-distribution',
  share: 'market-share',
  trend: 'price-trend',
  savings: 'savings',
} as const;

interface Answers {
  readonly overview: KpiOverviewDto;
  readonly market: MarketInsightsDto;
  readonly distribution: PriceDistributionDto;
  readonly share: MarketShareDto;
  readonly trend: PriceTrendDto;
  readonly savings: SavingsDto;
}

let kpi: RunningKpi;
let document: ApiDocument;

beforeAll(async () => {
  kpi = await startKpi();
  document = (await (await fetch(`${kpi.service.url}/openapi.json`)).json()) as ApiDocument;
});
afterAll(() => kpi.stop());

async function checked<Body>(path: string, template = path, status = 200): Promise<Body> {
  const answer = await kpi.get<Body>(path);
  expect([path, answer.status]).toEqual([path, status]);
  expect(schemaProblems(document, `/api/v2/kpi/${template}`, status, answer.body)).toEqual([]);
  return answer.body;
}

/** Every figure of a market that consists of these events, each as the document describes it. */
async function marketOf(...events: readonly NewEvent[]): Promise<Answers> {
  await kpi.caughtUp();
  await kpi.sql(`TRUNCATE ${TABLES.map((table) => `kpi.${table}`).join(', ')}`);
  if (events.length > 0) await kpi.log.publish(...events);
  await kpi.caughtUp();
  await sleep(KEPT_MS);
  const answers = Object.entries(PATHS).map(async ([name, path]) => [name, await checked(path)] as const);
  return Object.fromEntries(await Promise.all(answers)) as unknown as Answers;
}
const gpu = (name: string) => checked<GpuKpiDto>(`gpu/${name}`, 'gpu/{gpu_type}');
const cloud = (name: string) => checked<ProviderKpiDto>(`provider/${name}`, 'provider/{name}');
const offer = (id: string, members: Partial<OfferState> = {}) => offerEvent(id, { gpu_type: 'T4', ...members });

it('has nothing to say about an empty catalogue, and says so', async () => {
  const { overview, market, distribution, share, trend, savings } = await marketOf();
  expect(overview).toMatchObject({
    ...{ total_offers: 0, available_gpus: 0, active_providers: 0, gpu_models: 0, currency: null, savings: null },
    ...{ avg_price_per_hour: null, median_price_per_hour: null, uptime_pct: null, avg_latency_ms: null },
  });
  expect(market).toMatchObject({ cheapest_gpu_offer: null, most_expensive_gpu_offer: null, by_gpu: [] });
  expect([distribution.items, share.items, savings.items]).toEqual([[], [], []]);
  expect(trend.items.map(({ offers }) => offers)).toEqual(Array(7).fill(0));
  await checked('gpu/T4', 'gpu/{gpu_type}', 404);
  await checked('provider/runpod', 'provider/{name}', 404);
});

it('compares a single offer with nothing', async () => {
  const { overview, market, distribution, share, trend, savings } = await marketOf(
    syncEvent(),
    offer('one', { price_per_hour: 2 }),
    priceEvent('one', 2, secondsAgo(60), { gpu_type: 'T4' }),
  );
  expect(overview).toMatchObject({ total_offers: 1, avg_price_per_hour: 2, median_price_per_hour: 2, savings: 0 });
  expect(market).toMatchObject({ price_stddev: null, avg_market_price: 2 });
  expect(market.cheapest_gpu_offer).toEqual(market.most_expensive_gpu_offer);
  expect(distribution.items).toHaveLength(1);
  expect(distribution.items[0]).toMatchObject({ count: 1 });
  expect(share.items).toMatchObject([{ provider: 'runpod', share: 1, gpu_share: 1 }]);
  expect(trend.items.at(-1)).toMatchObject({ offers: 1, avg_price_per_hour: 2, min_price_per_hour: 2 });
  expect(savings).toMatchObject({ savings: 0, items: [{ gpu_type: 'T4', savings: 0 }] });
  expect(await gpu('T4')).toMatchObject({ price_stddev: null, total_offers: 1 });
  expect(await cloud('runpod')).toMatchObject({ price_volatility: null, total_offers: 1 });
});

it('never adds up two currencies', async () => {
  const { overview, market, savings } = await marketOf(
    syncEvent(),
    offer('a', { price_per_hour: 2, currency: 'EUR' }),
    offer('b', { price_per_hour: 4, currency: 'EUR' }),
    offer('c', { price_per_hour: 100, currency: 'USD' }),
  );
  expect(overview).toMatchObject({ currency: 'EUR', other_currency_offers: 1, total_offers: 3, avg_price_per_hour: 3 });
  expect(market.most_expensive_gpu_offer).toMatchObject({ offer_id: 'b', currency: 'EUR' });
  expect(savings.items).toMatchObject([{ offers: 2, cheapest_price_per_hour: 2 }]);
});

it('chooses the same currency every time when two are as frequent', async () => {
  const { overview, trend } = await marketOf(
    syncEvent(),
    offer('a', { price_per_hour: 2, currency: 'USD' }),
    offer('b', { price_per_hour: 4, currency: 'EUR' }),
  );
  expect(overview).toMatchObject({ currency: 'EUR', other_currency_offers: 1, avg_price_per_hour: 4 });
  expect(trend.currency).toBe('EUR');
});

it('counts neither what is hidden, nor what is not to be had, nor another source than the cloud has now', async () => {
  const { overview, share } = await marketOf(
    syncEvent(),
    offer('shown'),
    offer('hidden', { listed: false }),
    offer('sold', { availability_status: 'unavailable' }),
    offer('made up', { source: 'emulator' }),
    offer('free', { price_per_hour: 0 }),
  );
  expect(overview.total_offers).toBe(1);
  expect(share.items).toMatchObject([{ offers: 1, share: 1 }]);
});

it('counts an offer again that was withdrawn and is back', async () => {
  const away = { availability_status: 'unavailable' } as const;
  const { overview } = await marketOf(
    syncEvent(),
    offer('sold out', { observed_at: secondsAgo(30), price_per_hour: 1 }),
    offer('sold out', { observed_at: secondsAgo(20), price_per_hour: 1, ...away }),
    offer('sold out', { observed_at: secondsAgo(10), price_per_hour: 3 }),
    offer('removed', { observed_at: secondsAgo(30) }),
    goneEvent('removed'),
  );
  expect(overview).toMatchObject({ total_offers: 1, avg_price_per_hour: 3 });
  await sleep(50);
  await kpi.log.publish(offer('removed', { observed_at: new Date().toISOString(), price_per_hour: 5 }));
  await kpi.caughtUp();
  const back = await kpi.until<KpiOverviewDto>('overview', ({ total_offers: offers }) => offers === 2);
  expect(back.avg_price_per_hour).toBe(4);
});

it('shares out the smallest parts of a GPU', async () => {
  const { share } = await marketOf(syncEvent(), offer('a', { gpu_count: 0.00001 }));
  expect(share.items).toMatchObject([{ offers: 1, share: 1, gpu_share: 1 }]);
});

it('takes prices of one moment in the order of their ids, every time', async () => {
  const at = secondsAgo(3_600);
  for (const isReversed of [false, true]) {
    const events = [priceEvent('a', 1, at, { gpu_type: 'T4' }), priceEvent('a', 9, at, { gpu_type: 'T4' })];
    const last = events.toSorted((one, other) => (one.id < other.id ? -1 : 1)).at(-1);
    const { trend } = await marketOf(syncEvent(), offer('a'), ...(isReversed ? events.toReversed() : events));
    const expected = (last?.payload as { new_price: number }).new_price;
    expect(trend.items.at(-1)).toMatchObject({ offers: 1, avg_price_per_hour: expected });
  }
});

it('has in a window what was in force when it began', async () => {
  await marketOf(
    syncEvent(),
    offer('a'),
    priceEvent('a', 1, secondsAgo(90 * 86_400), { gpu_type: 'T4' }),
    priceEvent('a', 2, secondsAgo(25 * 3_600), { gpu_type: 'T4' }),
    priceEvent('b', 7, secondsAgo(86_400 * 8), { gpu_type: 'T4' }),
    priceEvent('b', 7, secondsAgo(86_400 * 7 + 60), { gpu_type: 'T4', availability_status: 'unavailable' }),
  );
  const { price_percentiles: windows } = await gpu('T4');
  expect(windows.last_24h).toMatchObject({ prices: 1, p50: 2 });
  expect(windows.last_7d.prices).toBe(2);
  expect(windows.last_30d.prices).toBe(3);
});
