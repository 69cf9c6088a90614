import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { PriceAnalyticsAnswerDto } from '@gpubroker/contracts/math';
import { startPriceList, type PriceList } from './support/price-list';
import { startMathCore, type RunningMathCore } from './support/running-math-core';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const history = (...points: [hours: number, price: number][]) => ({
  currency: 'USD',
  total: points.length,
  items: points.map(([hours, price]) => ({
    recorded_at: ago(hours),
    price_per_hour: price,
    availability_status: 'available',
  })),
});

let prices: PriceList;
let math: RunningMathCore;
beforeAll(async () => {
  prices = await startPriceList([
    { id: 'a', gpu_type: 'H100-SXM', price_per_hour: 2 },
    { id: 'b', gpu_type: 'H100-SXM', price_per_hour: 3 },
  ]);
  prices.others.set('providers/a/history', history([200, 2.5], [100, 2]));
  prices.others.set('providers/b/history', history([150, 3]));
  prices.others.set('providers/none/history', history());
  math = await startMathCore({ env: { PROVIDERS_URL: prices.url } });
});
afterAll(async () => {
  await math.stop();
  await prices.stop();
});

const analyse = (body: unknown) => math.post<PriceAnalyticsAnswerDto>('price-analytics', body);

it('analyses a series that is sent along', async () => {
  const series = Array.from({ length: 100 }, (_, index) => ({ at: ago(100 - index), value: 2 + (index % 5) * 0.1 }));
  const { status, body } = await analyse({ series, horizon_hours: 12 });
  expect(status).toBe(200);
  expect(body).toMatchObject({ source: 'series', points: 100, interval: 0.9, currency: null, gpu_model: null });
  expect(body.forecast).toHaveLength(12);
  expect(body.volatility).toBeGreaterThan(0);
  expect(Date.parse(body.forecast.at(-1)?.at ?? '') - Date.parse(body.to)).toBe(12 * HOUR);
  expect(body.warnings).toEqual([]);
});

it('takes bare numbers an hour apart, and says what a straight line does', async () => {
  const rising = await analyse({ series: Array.from({ length: 50 }, (_, index) => 1 + index * 0.01) });
  expect(rising.body).toMatchObject({ trend: 0.01, trend_direction: 'rising', points: 50 });
  const falling = await analyse({ series: [3, 2, 1] });
  expect(falling.body.trend_direction).toBe('falling');
  expect(falling.body.warnings).toHaveLength(2);
  const flat = await analyse({ series: [2, 2], horizon_hours: 1 });
  expect(flat.body).toMatchObject({ trend: 0, trend_direction: 'flat', volatility: 0 });
});

it.each([
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-03-01T25:00:00Z',
  '2026-03-01T00:00:00',
  '2026-03-01',
  '9999-12-31T00:00:00Z',
])('answers 422 for the moment %s', async (at) => {
  const { status } = await analyse({ series: [{ at, value: 1 }, { at: '2026-03-02T00:00:00Z', value: 2 }] }); // prettier-ignore
  expect(status).toBe(422);
});

it('does not depend on the time zone that a moment is written in', async () => {
  const one = await analyse({ series: [{ at: '2026-11-01T00:00:00Z', value: 2 }, { at: '2026-11-01T12:00:00Z', value: 3 }] }); // prettier-ignore
  const other = await analyse({ series: [{ at: '2026-11-01T05:30:00+05:30', value: 2 }, { at: '2026-11-01T07:00:00-05:00', value: 3 }] }); // prettier-ignore
  expect(other.body).toEqual(one.body);
});

it('reads the recorded history of an offer, whose last price holds until now', async () => {
  const { status, body } = await analyse({ offer_id: 'a' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ source: 'offer', currency: 'USD', points: 3 });
  expect(Date.now() - Date.parse(body.to)).toBeLessThan(60_000);
  expect(body.forecast.at(-1)?.low).toBeLessThanOrEqual(2);
});

it('takes the median of the cheapest offers for a GPU, by any of its names', async () => {
  const { status, body } = await analyse({ gpu_type: 'h100' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ source: 'gpu', gpu_model: 'H100-SXM', currency: 'USD' });
  expect(body.forecast.at(-1)?.value).toBeCloseTo(2.5, 6);
});

it('tells no trend of a history of minutes', async () => {
  prices.others.set('providers/new/history', history([0.2, 3], [0.1, 2]));
  const { body } = await analyse({ offer_id: 'new' });
  expect(body).toMatchObject({ trend: 0, trend_direction: 'flat' });
  expect(body.warnings[0]).toBe('Less than an hour is known: no trend is told');
});

it('answers 404 for offers and GPUs that nobody has', async () => {
  expect((await analyse({ offer_id: 'unknown' })).status).toBe(404);
  expect((await analyse({ offer_id: '../../secret' })).status).toBe(404);
  expect((await analyse({ offer_id: 'none' })).status).toBe(404);
  expect((await analyse({ gpu_type: 'T4' })).status).toBe(404);
});

it('answers 503 while the histories are away, and series all the same', async () => {
  const alone = await startMathCore({ env: { PROVIDERS_URL: 'http://127.0.0.1:9' } });
  try {
    const { status, body } = await alone.post<ErrorEnvelopeDto>('price-analytics', { offer_id: 'a' });
    expect([status, body.error.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect((await alone.post('price-analytics', { series: [1, 2] })).status).toBe(200);
  } finally {
    await alone.stop();
  }
});

const AT = '2026-11-01T00:00:00Z';
it.each([
  [{}, 'series'],
  [{ series: [1, 2], offer_id: 'a' }, 'offer_id'],
  [{ series: [1] }, 'series'],
  [{ series: 'x' }, 'series'],
  [{ series: [1, -2] }, 'series.1'],
  [{ series: [1, null] }, 'series.1'],
  [{ series: [{ at: 'yesterday', value: 1 }, 2] }, 'series.0'], // prettier-ignore
  [{ series: [{ at: '2026-11-01T00:00:00', value: 1 }, 2] }, 'series.0'], // prettier-ignore
  [{ series: [{ at: AT, value: 1, x: 1 }, 2] }, 'series.0'], // prettier-ignore
  [{ series: [{ at: AT, value: 1 }, { at: AT, value: 2 }] }, 'series'], // prettier-ignore
  [{ series: [{ at: '2026-13-45T00:00:00Z', value: 1 }, 2] }, 'series.0'], // prettier-ignore
  [{ series: Array(20_001).fill(1) }, 'series'],
  [{ offer_id: '' }, 'offer_id'],
  [{ offer_id: 7 }, 'offer_id'],
  [{ gpu_type: 'Banana 9000' }, 'gpu_type'],
  [{ gpu_type: 7 }, 'gpu_type'],
  [{ series: [1, 2], horizon_hours: 0 }, 'horizon_hours'],
  [{ series: [1, 2], horizon_hours: 1e6 }, 'horizon_hours'],
  [{ series: [1, 2], extra: 1 }, 'extra'],
])('answers 422 for what is no question (%#)', async (question, field) => {
  const { status, body } = await math.post<ErrorEnvelopeDto>('price-analytics', question);
  expect(status).toBe(422);
  expect(body.error.details?.map((detail) => detail.field)).toContain(field);
});
