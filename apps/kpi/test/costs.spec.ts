import { json } from 'node:stream/consumers';
import type { GpuKpiDto, KpiOverviewDto } from '@gpubroker/contracts/kpi';
import type { GpuRatesRequestDto } from '@gpubroker/contracts/math';
import { eventually } from '@gpubroker/testing/eventually';
import { LocalServer } from '@gpubroker/testing/local-server';
import { offerEvent, syncEvent } from './support/market-log';
import { startKpi, type RunningKpi } from './support/running-kpi';

/** Speaks for math-core: two cards are known to it, one without a speed. */
const RATES: Readonly<Record<string, { tokens_per_second: number | null; gflops: number | null }>> = {
  'H100-SXM': { tokens_per_second: 100, gflops: 1_000_000 },
  'RTX-4090': { tokens_per_second: 50, gflops: 165_200 },
  T4: { tokens_per_second: null, gflops: 65_000 },
};
const AWAY = 'math-core is not available';

let mathCore: LocalServer;
let answers: 'rates' | 'error' | 'nonsense' = 'rates';
let kpi: RunningKpi;

beforeAll(async () => {
  mathCore = await LocalServer.start(async (request, reply) => {
    const { items } = (await json(request)) as GpuRatesRequestDto;
    const rates = items.map(({ gpu_type }) => ({
      gpu_type,
      ...(RATES[gpu_type] ?? { tokens_per_second: null, gflops: null }),
    }));
    const isRefused = items.some(({ gpu_type }) => gpu_type.length > 100);
    reply.statusCode = isRefused ? 422 : answers === 'error' ? 503 : 200;
    reply.end(answers === 'nonsense' ? '{"items": [1]}' : JSON.stringify({ items: rates }));
  });
  kpi = await startKpi({ MATH_CORE_URL: mathCore.url });
  await kpi.log.publish(
    syncEvent(),
    offerEvent('h1', { price_per_hour: 3.6 }),
    offerEvent('h2', { price_per_hour: 7.2 }),
    offerEvent('r1', { price_per_hour: 0.36, gpu_type: 'RTX-4090', gpu_family: 'RTX-4090' }),
    offerEvent('t1', { price_per_hour: 0.5, gpu_type: 'T4', gpu_family: 'T4' }),
    offerEvent('long', { availability_status: 'unavailable', gpu_type: 'x'.repeat(101) }),
    offerEvent('x1', { price_per_hour: 0.5, gpu_type: 'Quantum 9', gpu_family: null }),
  );
});

afterAll(async () => {
  await kpi.stop();
  await mathCore.stop();
});

const untilKnown = () =>
  kpi.until<KpiOverviewDto>('overview', ({ warnings, total_offers }) => total_offers === 5 && warnings.length === 0);

it('costs a token and a GFLOP from the price and what math-core says about the card', async () => {
  await untilKnown();
  const { body } = await kpi.get<GpuKpiDto>('gpu/H100-SXM');
  // 3.6 and 7.2 an hour at 100 tokens a second: 0.00001 and 0.00002 a token.
  expect(body).toMatchObject({
    cost_per_token: 0.000015,
    cost_per_gflop: 0.0000054,
    cost_model: '7b fp16',
    warnings: [],
  });
});

it('leaves a card without a rate out of the mean', async () => {
  const { cost_per_token, cost_per_gflop } = await untilKnown();
  expect(cost_per_token).toBe(0.0000106667);
  expect(cost_per_gflop).toBe(0.00000516787);
  const { body } = await kpi.get<GpuKpiDto>('gpu/T4');
  expect(body).toMatchObject({ cost_per_token: null, cost_per_gflop: 0.00000769231, warnings: [] });
});

it.each(['error', 'nonsense'] as const)(
  'keeps the last known costs, and says so, while math-core answers with %s',
  async (what) => {
    const before = await untilKnown();
    answers = what;
    await kpi.log.publish(offerEvent(`new-${what}`, { gpu_type: `New ${what}`, availability_status: 'unavailable' }));
    const after = await kpi.until<KpiOverviewDto>('overview', ({ warnings }) =>
      warnings.some((line) => line.includes(AWAY)),
    );
    expect(after.cost_per_token).toBe(before.cost_per_token);
    answers = 'rates';
    await untilKnown();
  },
);

it('shows the circuit round math-core', async () => {
  const metrics = await eventually(
    async () => (await fetch(`${kpi.service.url}/metrics`)).text(),
    (text) => text.includes('gpubroker_breaker_state'),
  );
  expect(metrics).toMatch(/gpubroker_breaker_state\{name="math-core"[^}]*\} [012]/);
});
