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
import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import { offerEvent, priceEvent, secondsAgo, syncEvent } from './support/market-log';
import { startKpi, type RunningKpi } from './support/running-kpi';

const HOUR = 3_600;
const DAY = 24 * HOUR;
let kpi: RunningKpi;

/** Two clouds in dollars, one in euro, one that has not been read for long. */
beforeAll(async () => {
  kpi = await startKpi();
  await kpi.log.publish(
    syncEvent({ provider: 'runpod', latency_ms: 100 }),
    syncEvent({ provider: 'runpod', latency_ms: 300, at: secondsAgo(600) }),
    syncEvent({ provider: 'runpod', ok: false, latency_ms: 9_000, at: secondsAgo(700) }),
    syncEvent({ provider: 'runpod', ok: false, at: secondsAgo(2 * DAY) }),
    syncEvent({ provider: 'vastai', latency_ms: 50 }),
    syncEvent({ provider: 'scaleway', latency_ms: 50 }),
    syncEvent({ provider: 'asleep', at: secondsAgo(2 * HOUR) }),
    offerEvent('r1', { price_per_hour: 2, gpu_count: 8 }),
    offerEvent('r2', { price_per_hour: 3, gpu_type: 'H100-PCIE', gpu_count: null }),
    offerEvent('v1', { price_per_hour: 1, provider: 'vastai', gpu_count: 2 }),
    offerEvent('v2', { price_per_hour: 0.5, provider: 'vastai', gpu_type: 'RTX-4090', gpu_family: 'RTX-4090' }),
    offerEvent('v3', { price_per_hour: 0.25, provider: 'vastai', gpu_type: 'RTX-4090', gpu_family: 'RTX-4090' }),
    offerEvent('v4', { availability_status: 'unavailable', provider: 'vastai', price_per_hour: 0.01 }),
    offerEvent('s1', { price_per_hour: 50, provider: 'scaleway', currency: 'EUR' }),
    offerEvent('z1', { price_per_hour: 0.02, provider: 'asleep', gpu_type: 'T4', gpu_family: 'T4' }),
    priceEvent('r1', 1, secondsAgo(20 * DAY)),
    priceEvent('r1', 4, secondsAgo(3 * DAY)),
    priceEvent('r1', 2, secondsAgo(2 * DAY)),
    priceEvent('r1', 4, secondsAgo(1.5 * DAY)),
    priceEvent('r1', 2, secondsAgo(1 * HOUR)),
    priceEvent('v1', 1, secondsAgo(10 * DAY), { provider: 'vastai' }),
    priceEvent('v9', 7, secondsAgo(10 * DAY), { provider: 'vastai' }),
    priceEvent('v9', 7, secondsAgo(5 * DAY), { provider: 'vastai', availability_status: 'unavailable' }),
  );
  await kpi.caughtUp();
});

afterAll(() => kpi.stop());

const answered = async <Body>(path: string): Promise<Body> => {
  const { status, body } = await kpi.get<Body>(path);
  expect(status).toBe(200);
  return body;
};

it('shows the market in one look', async () => {
  expect(await answered<KpiOverviewDto>('overview')).toMatchObject({
    currency: 'USD',
    other_currency_offers: 1,
    sources: [{ source: 'live', offers: 6 }],
    uptime_pct: 83.3333,
    avg_latency_ms: 120,
    active_providers: 3,
    total_offers: 6,
    available_gpus: 14,
    gpu_models: 3,
    avg_price_per_hour: 1.35,
    median_price_per_hour: 1,
    cost_per_token: null,
    cost_per_gflop: null,
  });
});

it('covers every model of a family, says so, and takes aliases', async () => {
  const family = await answered<GpuKpiDto>('gpu/h100');
  expect(family).toMatchObject({
    gpu_type: 'H100',
    covered_as: 'family',
    covers: ['H100-PCIE', 'H100-SXM'],
    total_offers: 4,
    providers: 3,
    available_gpus: 12,
    avg_price_per_hour: 2,
    min_price_per_hour: 1,
    max_price_per_hour: 3,
    median_price_per_hour: 2,
    price_stddev: 1,
    currency: 'USD',
  });
  const model = await answered<GpuKpiDto>('gpu/NVIDIA%20GeForce%20RTX%204090');
  expect(model).toMatchObject({ gpu_type: 'RTX-4090', covered_as: 'model', covers: ['RTX-4090'], total_offers: 2 });
});

it('says how prices of a GPU were distributed over a day, a week and a month', async () => {
  const { price_percentiles: windows } = await answered<GpuKpiDto>('gpu/H100-SXM');
  // In force: r1 at 4 and 2, v1 at 1; in the week the same, v9 until five days ago; in the month r1 at 1 too.
  expect(windows.last_24h).toEqual({ prices: 3, p10: 1.2, p25: 1.5, p50: 2, p75: 3, p90: 3.6 });
  expect(windows.last_7d.prices).toBe(5);
  expect(windows.last_30d.prices).toBe(5);
  expect(windows.last_7d.p50).toBe(2);
});

it('has no figures, but no error, for a GPU whose offers are all stale', async () => {
  expect(await answered<GpuKpiDto>('gpu/T4')).toMatchObject({
    total_offers: 0,
    available_gpus: 0,
    avg_price_per_hour: null,
    price_stddev: null,
    currency: null,
  });
});

it('shows one cloud, in its own currency', async () => {
  expect(await answered<ProviderKpiDto>('provider/runpod')).toMatchObject({
    provider: 'runpod',
    total_offers: 2,
    available_gpus: 9,
    gpu_models: 2,
    avg_price_per_hour: 2.5,
    uptime_percentage: 66.6667,
    avg_latency_ms: 200,
    // r1 within 7 days: 4, 2, 4, 2; r2 has no two prices.
    price_volatility: 0.3849,
    stale: false,
  });
  expect(await answered<ProviderKpiDto>('provider/scaleway')).toMatchObject({
    currency: 'EUR',
    avg_price_per_hour: 50,
  });
  expect(await answered<ProviderKpiDto>('provider/asleep')).toMatchObject({ total_offers: 0, stale: true });
});

it('answers at the old paths as at the new ones', async () => {
  const without = ({ as_of: _, ...rest }: { as_of: string }) => rest;
  expect(without(await answered('kpis/gpu/H100'))).toEqual(without(await answered('gpu/H100')));
  expect(without(await answered('kpis/provider/vastai'))).toEqual(without(await answered('provider/vastai')));
});

it('names the cheapest and the most expensive offer', async () => {
  const market = await answered<MarketInsightsDto>('insights/market');
  expect(market).toMatchObject({ total_providers: 3, total_offers: 6, avg_market_price: 1.35, median_market_price: 1 });
  expect(market.cheapest_gpu_offer).toMatchObject({ offer_id: 'v3', provider: 'vastai', price_per_hour: 0.25 });
  expect(market.most_expensive_gpu_offer).toMatchObject({ offer_id: 'r2', price_per_hour: 3, currency: 'USD' });
  expect(market.by_gpu.map(({ gpu_type, offers }) => [gpu_type, offers])).toEqual([
    ['H100-SXM', 2],
    ['RTX-4090', 2],
    ['H100-PCIE', 1],
  ]);
});

it('puts every price into one bucket of the histogram', async () => {
  const { total, items } = await answered<PriceDistributionDto>('price-distribution?buckets=4');
  expect(total).toBe(5);
  expect(items.map(({ count }) => count).reduce((sum, count) => sum + count)).toBe(5);
  expect(items[0]).toMatchObject({ from: 0.25 });
  expect(items.at(-1)).toMatchObject({ to: 3, count: 1 });
});

it('shares the market among its clouds', async () => {
  const { items, total_offers } = await answered<MarketShareDto>('market-share');
  expect(total_offers).toBe(6);
  expect(items.map(({ provider, offers, gpus }) => [provider, offers, gpus])).toEqual([
    ['vastai', 3, 4],
    ['runpod', 2, 9],
    ['scaleway', 1, 1],
  ]);
  expect(items.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(items.reduce((sum, { gpu_share }) => sum + gpu_share, 0)).toBeCloseTo(1, 12);
});

it('weighs savings by offers', async () => {
  const { savings, items } = await answered<SavingsDto>('savings');
  expect(items).toEqual([
    { gpu_type: 'H100-SXM', offers: 2, cheapest_price_per_hour: 1, median_price_per_hour: 1.5, savings: 0.3333 },
    { gpu_type: 'RTX-4090', offers: 2, cheapest_price_per_hour: 0.25, median_price_per_hour: 0.375, savings: 0.3333 },
    { gpu_type: 'H100-PCIE', offers: 1, cheapest_price_per_hour: 3, median_price_per_hour: 3, savings: 0 },
  ]);
  expect(savings).toBe(0.2667);
});

it('follows prices day by day', async () => {
  const { items, total } = await answered<PriceTrendDto>('price-trend?days=12');
  expect(total).toBe(12);
  expect(items.map(({ offers }) => offers)).toContain(3);
  // r1 at 2, v1 at 1; v9 is gone.
  expect(items.at(-1)).toMatchObject({
    day: new Date().toISOString().slice(0, 10),
    offers: 2,
    avg_price_per_hour: 1.5,
  });
  expect((await answered<PriceTrendDto>('price-trend')).items).toHaveLength(7);
});

it.each([
  'gpu/nothing-of-the-kind',
  'gpu/H200',
  'provider/nobody',
  'kpis/gpu/nothing',
  'kpis/provider/nobody',
  'nothing',
])('answers 404 for %s', async (path) => {
  const { status, body } = await kpi.get<ErrorEnvelopeDto>(path);
  expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
});

it.each([
  'price-trend?days=0',
  'price-trend?days=31',
  'price-trend?days=1.5',
  'price-trend?days=seven',
  'price-trend?days=7&days=8',
  'price-distribution?buckets=101',
])('answers 422 for %s', async (path) => {
  const { status, body } = await kpi.get<ErrorEnvelopeDto>(path);
  expect([status, body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
});

it('describes every operation once', async () => {
  const document = (await (await fetch(`${kpi.service.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  };
  const operations = Object.entries(document.paths).filter(([path]) => path.startsWith('/api/'));
  expect(operations).toHaveLength(10);
  for (const [, methods] of operations) expect(Object.keys(methods['get']?.responses ?? {})).toContain('503');
  expect(new Set(operations.map(([, methods]) => methods['get']?.operationId)).size).toBe(10);
});
