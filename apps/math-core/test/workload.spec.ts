import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import { WORKLOAD_TYPES, type WorkloadEstimateDto, type WorkloadMapDto } from '@gpubroker/contracts/math';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { startPriceList, type PriceList } from './support/price-list';
import { startMathCore, type RunningMathCore } from './support/running-math-core';

const OFFERS = [
  { gpu_type: 'RTX-4090', price_per_hour: 0.34 },
  { gpu_type: 'RTX-4090', price_per_hour: 0.5 },
  { gpu_type: 'L40S', price_per_hour: 0.86 },
  { gpu_type: 'A100-80GB-SXM', price_per_hour: 1.29 },
  { gpu_type: 'H100-SXM', price_per_hour: 1.99 },
  { gpu_type: 'H100-SXM', price_per_hour: 2.49 },
  { gpu_type: 'H100-SXM', price_per_hour: 0.5, pricing: 'bid' },
  { gpu_type: 'H200-SXM', price_per_hour: 3.2 },
];
const TOKENS = { workload_type: 'llm_inference', quantity: 20_000_000, model_name: 'llama', model_size_b: 8 };

let prices: PriceList;
let math: RunningMathCore;

beforeAll(async () => {
  prices = await startPriceList(OFFERS);
  math = await startMathCore({ env: { PROVIDERS_URL: prices.url } });
});
afterAll(async () => {
  await math.stop();
  await prices.stop();
});

const estimate = (body: unknown) => math.post<WorkloadEstimateDto>('estimate-workload', body);
const map = (body: unknown) => math.post<WorkloadMapDto>('map-workload-to-gpu', body);

describe('estimate-workload', () => {
  it('says what a job needs, on which GPUs, for how long, for how much, and why', async () => {
    const { status, body } = await estimate(TOKENS);
    expect(status).toBe(200);
    expect(body.vram.total_gb).toBeGreaterThan(16);
    expect(body.min_vram_gb).toBeGreaterThanOrEqual(body.vram.total_gb);
    expect(body.recommended_vram_gb).toBe(24);
    const [first] = body.recommended_gpu_tiers;
    expect(first).toMatchObject({ tier: 'recommended', gpu_count: 1, price: { sources: ['live'], currency: 'USD' } });
    expect(first?.price?.age_seconds).toBeGreaterThanOrEqual(40);
    expect(first?.price?.age_seconds).toBeLessThan(120);
    expect(body.estimated_cost_range).toEqual(first?.estimated_cost_range);
    expect(body.estimated_hours).toBeGreaterThan(0);
    expect(body.estimated_hours_range?.low).toBeLessThan(body.estimated_hours ?? 0);
    expect(body.reasoning).toMatch(
      /llama-3-8b has 8.03 billion parameters.*tokens a second.*offers, observed \d+ s ago/,
    );
    expect(body.confidence).toBeGreaterThan(0.3);
    expect(body.warnings).toEqual([]);
  });

  it('costs hours times price', async () => {
    const { body } = await estimate({ ...TOKENS, gpu: 'H100', context_tokens: 1_024 });
    const [first] = body.recommended_gpu_tiers;
    expect(first).toMatchObject({ tier: 'requested', gpu_type: 'H100-SXM' });
    expect(first?.price).toMatchObject({ lowest_price_per_hour: 1.99, typical_price_per_hour: 1.99, offers: 2 });
    expect(body.estimated_cost_range?.low).toBeCloseTo(1.99 * (body.estimated_hours_range?.low ?? NaN), 2);
    expect(body.estimated_cost_range?.high).toBeCloseTo(1.99 * (body.estimated_hours_range?.high ?? NaN), 2);
  });

  it.each(WORKLOAD_TYPES)('answers for %s whatever is left out', async (workload_type) => {
    const { status, body } = await estimate({ workload_type, quantity: 1_000 });
    expect(status).toBe(200);
    expect(body.min_vram_gb).toBeGreaterThan(0);
    expect(body.recommended_vram_gb).toBeGreaterThanOrEqual(body.min_vram_gb);
    expect(body.recommended_gpu_tiers.length).toBeGreaterThan(0);
    for (const { vram_gb } of body.recommended_gpu_tiers) expect(vram_gb).toBeGreaterThanOrEqual(body.min_vram_gb);
    expect(body.estimated_hours).toBeGreaterThanOrEqual(0);
    expect(body.confidence).toBeGreaterThan(0);
    expect(body.reasoning).toMatch(/\.$/);
  });

  it('knows no hours without an amount or a duration, and takes the duration for them', async () => {
    const without = await estimate({ workload_type: 'llm_inference', model_size_b: 7 });
    expect(without.body).toMatchObject({ estimated_hours: null, estimated_cost_range: null });
    expect(without.body.warnings).toContain('Neither an amount of work nor a duration was given');
    const { body } = await estimate({
      workload_type: 'llm_inference',
      model_size_b: 7,
      duration_hours: 72,
      gpu: 'RTX 4090',
    });
    expect(body.estimated_hours).toBe(72);
    expect(body.estimated_cost_range).toMatchObject({ low: 24.48, currency: 'USD' });
  });

  it('adds GPUs to keep up with a rate or a deadline', async () => {
    const rate = { value: 50, unit: 'requests', per: 'second' };
    const served = await estimate({
      workload_type: 'llm_inference',
      model_name: 'llama',
      model_size_b: 70,
      quantity: rate,
    });
    expect(served.body.recommended_gpu_tiers[0]?.replicas).toBeGreaterThan(1);
    expect(served.body.estimated_hours).toBe(720);
    const job = { workload_type: 'fine_tuning', model_size_b: 8, quantity: { value: 200_000, unit: 'samples' } };
    const slow = await estimate({ ...job, gpu: 'A100' });
    const fast = await estimate({ ...job, gpu: 'A100', duration_hours: 2 });
    expect(slow.body.estimated_hours).toBeGreaterThan(2);
    expect(fast.body.estimated_hours).toBeLessThanOrEqual(2);
    expect(fast.body.estimated_cost_range).toEqual(slow.body.estimated_cost_range);
  });

  it('says that a wish cannot be met, and what can', async () => {
    const { body } = await estimate({ workload_type: 'training', model_size_b: 13, gpu: 'A100', gpu_count: 2 });
    expect(body.recommended_gpu_tiers[0]?.gpu_count).toBeGreaterThan(2);
    expect(body.warnings).toEqual(expect.arrayContaining([expect.stringMatching(/^2 x A100-80GB-SXM do not hold/)]));
    const unknown = await estimate({ ...TOKENS, gpu: 'Banana 9000' });
    expect(unknown.body.warnings[0]).toMatch(/Banana 9000/);
    const images = await estimate({ workload_type: 'image_generation', model_name: 'flux', gpu: 'T4', quantity: 10 });
    expect(images.body.warnings[0]).toBe('The work does not fit into T4');
  });

  it('compares the budget in the currency of the prices only', async () => {
    const ask = (budget: object) => estimate({ ...TOKENS, quantity: 2e12, budget });
    const above = 'The cost at the typical price is above the budget';
    expect((await ask({ amount: 5, currency: 'USD', per: 'total' })).body.warnings).toContain(above);
    expect((await ask({ amount: 5, currency: null, per: 'hour' })).body.warnings).not.toContain(above);
    expect((await ask({ amount: 0.01, per: 'day' })).body.warnings).toContain(above);
    const other = await ask({ amount: 5, currency: 'EUR', per: 'total' });
    expect(other.body.warnings).toContain('The budget is in EUR and was not compared: prices are in USD');
  });

  it('asks for prices in the region that was named', async () => {
    await estimate({ ...TOKENS, region: 'eu' });
    expect(prices.asked.at(-1)?.get('region')).toBe('eu');
  });

  it('needs more memory for more bits, a longer context, and a fuller training', async () => {
    const least = async (more: object) => (await estimate({ ...TOKENS, ...more })).body.min_vram_gb;
    expect(await least({ precision: 'int4' })).toBeLessThan(await least({ precision: 'fp16' }));
    expect(await least({ context_tokens: 1_024 })).toBeLessThan(await least({ context_tokens: 100_000 }));
    const train = (method: string) => least({ workload_type: 'fine_tuning', method });
    expect(await train('qlora')).toBeLessThan(await train('lora'));
    expect(await train('lora')).toBeLessThan(await train('full'));
  });

  it.each([
    [{}, 'workload_type'],
    [{ workload_type: null }, 'workload_type'],
    [{ workload_type: 'mining' }, 'workload_type'],
    [{ ...TOKENS, quantity: 0 }, 'quantity'],
    [{ ...TOKENS, quantity: -5 }, 'quantity'],
    [{ ...TOKENS, quantity: '5' }, 'quantity'],
    [{ ...TOKENS, quantity: { value: 5, unit: 'bananas' } }, 'quantity.unit'],
    [{ ...TOKENS, quantity: { value: 5 } }, 'quantity.unit'],
    [{ ...TOKENS, quantity: { unit: 'tokens' } }, 'quantity.value'],
    [{ ...TOKENS, quantity: { value: 5, unit: 'tokens', per: 'year' } }, 'quantity.per'],
    [{ ...TOKENS, quantity: { value: 5, unit: 'tokens', x: 1 } }, 'quantity.x'],
    [{ ...TOKENS, duration_hours: -1 }, 'duration_hours'],
    [{ ...TOKENS, quality: 'best' }, 'quality'],
    [{ ...TOKENS, model_name: 7 }, 'model_name'],
    [{ ...TOKENS, model_size_b: 0 }, 'model_size_b'],
    [{ ...TOKENS, precision: 'fp99' }, 'precision'],
    [{ ...TOKENS, context_tokens: 1.5 }, 'context_tokens'],
    [{ ...TOKENS, method: 'magic' }, 'method'],
    [{ ...TOKENS, region: 'moon' }, 'region'],
    [{ ...TOKENS, budget: 5 }, 'budget'],
    [{ ...TOKENS, budget: { currency: 'USD' } }, 'budget.amount'],
    [{ ...TOKENS, budget: { amount: 5, per: 'year' } }, 'budget.per'],
    [{ ...TOKENS, confidence: 2 }, 'confidence'],
    [{ ...TOKENS, extra: 1 }, 'extra'],
  ])('answers 422 for %j', async (question, field) => {
    const { status, body } = await math.post<ErrorEnvelopeDto>('estimate-workload', question);
    expect(status).toBe(422);
    expect(body.error.details?.map((detail) => detail.field)).toContain(field);
  });
});

describe('map-workload-to-gpu', () => {
  it('ranks every GPU that can do it, the cheapest first', async () => {
    const { status, body } = await map(TOKENS);
    expect(status).toBe(200);
    expect(body.gpus.map(({ rank }) => rank)).toEqual(body.gpus.map((_, index) => index + 1));
    const costs = body.gpus.flatMap(({ estimated_cost_range: cost }) => (cost === null ? [] : [cost.high]));
    expect(costs.length).toBe(5);
    expect(body.gpus.slice(0, costs.length).every(({ price }) => price !== null)).toBe(true);
    expect(body.gpus[0]?.why).toMatch(/^\d+ x \S+ holds? [\d.]+ GB in \d+ GB\./);
    expect(body.gpus.length).toBeGreaterThan(10);
  });

  it('puts what the budget allows first', async () => {
    const { body } = await map({ ...TOKENS, duration_hours: 10, quantity: null, budget: { amount: 1, per: 'hour' } });
    const within = body.gpus.map(({ within_budget }) => within_budget);
    expect(within.indexOf(false)).toBeGreaterThan(within.indexOf(true));
    expect(body.gpus[0]).toMatchObject({ gpu_type: 'RTX-4090', within_budget: true });
  });

  it('has the wished number of a GPU among the others', async () => {
    const { body } = await map({ ...TOKENS, gpu: 'H100', gpu_count: 4 });
    expect(body.gpus.some(({ gpu_type, gpu_count }) => gpu_type === 'H100-SXM' && gpu_count === 4)).toBe(true);
    expect(body.gpus.some(({ gpu_type, gpu_count }) => gpu_type === 'H100-SXM' && gpu_count === 1)).toBe(true);
  });

  it('says that no GPU holds it', async () => {
    const { body } = await map({
      ...TOKENS,
      model_size_b: 2_000,
      precision: 'fp32',
      batch: 4_096,
      context_tokens: 1e6,
    });
    expect(body.gpus).toEqual([]);
    expect(body.warnings).toContain('No GPU that clouds rent out in numbers holds this work');
  });
});

it('asks for a price once, however many want it at the same time, and keeps it', async () => {
  const list = await startPriceList(OFFERS);
  const alone = await startMathCore({ env: { PROVIDERS_URL: list.url } });
  try {
    const ask = () => alone.post<WorkloadEstimateDto>('estimate-workload', TOKENS);
    const answers = await Promise.all([ask(), ask(), ask(), ask()]);
    const models = list.asked.map((query) => query.get('gpu_type'));
    expect(new Set(models).size).toBe(models.length);
    await ask();
    expect(list.asked).toHaveLength(models.length);
    expect(new Set(answers.map(({ body }) => body.estimated_cost_range?.low)).size).toBe(1);
  } finally {
    await alone.stop();
    await list.stop();
  }
});

describe('without the prices', () => {
  it('answers all but the cost, and says so', async () => {
    const list = await startPriceList(OFFERS);
    list.status = 500;
    const alone = await startMathCore({ env: { PROVIDERS_URL: list.url } });
    try {
      const ask = () => alone.post<WorkloadEstimateDto>('estimate-workload', { ...TOKENS, gpu: 'H100' });
      const away = await ask();
      expect(away.status).toBe(200);
      expect(away.body.estimated_cost_range).toBeNull();
      expect(away.body.estimated_hours).toBeGreaterThan(0);
      expect(away.body.warnings).toEqual(['Prices are not available now']);
      const health = (await (await fetch(`${alone.service.url}/health`)).json()) as { status: string };
      expect(health.status).not.toBe('down');
      const metrics = await (await fetch(`${alone.service.url}/metrics`)).text();
      expect(metrics).toMatch(/gpubroker_breaker_state\{name="providers"[^}]*\} 2/);
    } finally {
      await alone.stop();
      await list.stop();
    }
  });

  it('marks demonstration prices and prices of an hour ago', async () => {
    const old = { source: 'emulator', observed_at: new Date(Date.now() - 2 * 3_600_000).toISOString() };
    const list = await startPriceList([{ gpu_type: 'H100-SXM', price_per_hour: 2, ...old }]);
    const alone = await startMathCore({ env: { PROVIDERS_URL: list.url } });
    try {
      const { body } = await alone.post<WorkloadEstimateDto>('estimate-workload', { ...TOKENS, gpu: 'H100' });
      expect(body.warnings).toEqual(['The prices are a demonstration', 'Some prices are older than an hour']);
    } finally {
      await alone.stop();
      await list.stop();
    }
  });
});

interface Sentence {
  readonly id: string;
  readonly expected: { readonly workload_type: string | null; readonly duration_hours: number | null };
}

describeWithShared('what parse-workload answers', (shared) => {
  const { sentences } = JSON.parse(readFileSync(join(shared, 'data/workload-sentences.json'), 'utf8')) as {
    sentences: Sentence[];
  };

  it('feeds the estimate as it is', async () => {
    for (const { id, expected } of sentences) {
      const { duration_hours: duration, ...rest } = expected;
      const { status, body } = await estimate({ ...rest, duration, confidence: 0.9 });
      expect([id, status]).toEqual([id, expected.workload_type === null ? 422 : 200]);
      if (status === 200) expect(body.recommended_gpu_tiers.length).toBeGreaterThan(0);
    }
  });
});
