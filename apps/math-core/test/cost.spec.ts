import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { CostPerGflopAnswerDto, CostPerTokenAnswerDto, GpuRatesAnswerDto } from '@gpubroker/contracts/math';
import { startMathCore, type RunningMathCore } from './support/running-math-core';

const GOOD = { price_per_hour: 2, gpu_type: 'H100', model_size: '7b' };

describe('the costs', () => {
  let math: RunningMathCore;

  beforeAll(async () => {
    math = await startMathCore();
  });
  afterAll(() => math.stop());

  it('answer what a token costs, and everything that was assumed', async () => {
    const { status, body } = await math.post<CostPerTokenAnswerDto>('cost-per-token', GOOD);
    expect(status).toBe(200);
    expect(body.cost_per_token * body.tokens_per_second * 3600).toBeCloseTo(2, 4);
    expect(body.cost_per_million_tokens).toBeCloseTo(body.cost_per_token * 1e6, 3);
    expect(body.calculation_details).toMatchObject({
      gpu_model: 'H100-SXM',
      model: 'llama-2-7b',
      precision: 'fp16',
      engine: 'llama.cpp',
      batch: 1,
      context_tokens: 640,
      fits: true,
      basis: 'other_gpu',
      warnings: [],
    });
    const { serving } = body.calculation_details;
    expect(serving?.tokens_per_second).toBeGreaterThan(10 * body.tokens_per_second);
    expect(serving?.cost_per_million_tokens).toBeLessThan(body.cost_per_million_tokens);
    expect(serving?.tokens_per_second_range.low).toBeLessThan(serving?.tokens_per_second ?? 0);
  });

  it('take every option', async () => {
    const { status, body } = await math.post<CostPerTokenAnswerDto>('cost-per-token', {
      ...GOOD,
      model_size: 70,
      precision: 'fp8',
      engine: 'vllm',
      batch: 16,
      context_tokens: 4096,
      output_tokens: 512,
      gpu_count: 2,
    });
    expect(status).toBe(200);
    expect(body.calculation_details).toMatchObject({ input_tokens: 3584, gpu_count: 2, basis: 'several_gpus' });
  });

  it('answer what the compute rate costs', async () => {
    const { status, body } = await math.post<CostPerGflopAnswerDto>('cost-per-gflop', {
      price_per_hour: 2,
      gpu_type: 'H100',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      cost_per_gflop: 0.00000202122,
      cost_per_tflop_hour: 0.00202122,
      gpu_tflops: 989.5,
      confidence: 0.9,
    });
  });

  it.each([
    [{ price_per_hour: 0 }, 'price_per_hour'],
    [{ price_per_hour: '2' }, 'price_per_hour'],
    [{ price_per_hour: -1 }, 'price_per_hour'],
    [{ gpu_type: 'Banana' }, 'gpu_type'],
    [{ gpu_type: '' }, 'gpu_type'],
    [{ gpu_type: 7 }, 'gpu_type'],
    [{ gpu_type: 'H100-NVL' }, 'gpu_type'],
    [{ model_size: 'huge' }, 'model_size'],
    [{ model_size: undefined }, 'model_size'],
    [{ precision: 'fp99' }, 'precision'],
    [{ precision: 16 }, 'precision'],
    [{ engine: '' }, 'engine'],
    [{ batch: 0 }, 'batch'],
    [{ batch: 1.5 }, 'batch'],
    [{ batch: 8, model_size: '405b' }, 'batch'],
    [{ gpu_count: 0 }, 'gpu_count'],
    [{ output_tokens: 0 }, 'output_tokens'],
    [{ context_tokens: 100, input_tokens: 100 }, 'context_tokens'],
    [{ context_tokens: 100, input_tokens: 60, output_tokens: 50 }, 'context_tokens'],
    [{ extra: 1 }, 'extra'],
  ])('answer 422 for %j', async (change, field) => {
    const { status, body } = await math.post<ErrorEnvelopeDto>('cost-per-token', { ...GOOD, ...change });
    expect(status).toBe(422);
    expect(body.error.details?.map((detail) => detail.field)).toContain(field);
  });

  it('answer 422 for a GPU of which no rate is known', async () => {
    const { status } = await math.post('cost-per-gflop', { price_per_hour: 2, gpu_type: 'A800-80GB' });
    expect(status).toBe(422);
  });
});

describe('the rates of many GPUs', () => {
  let math: RunningMathCore;
  const PRICE = 2.49;
  const CARDS = ['H100-SXM', 'RTX-4090', 'L40S', 'T4', 'MI300X', 'a100'];
  const digits = (value: number | null | undefined) => Number((value ?? NaN).toPrecision(6));

  beforeAll(async () => {
    math = await startMathCore();
  });
  afterAll(() => math.stop());

  it('give the costs that the single questions give, for each GPU in one answer', async () => {
    const { status, body } = await math.post<GpuRatesAnswerDto>('costs', {
      items: CARDS.map((gpu_type) => ({ gpu_type })),
    });
    expect(status).toBe(200);
    expect(body.items.map(({ gpu_type }) => gpu_type)).toEqual(CARDS);
    expect(body.assumptions).toMatchObject({ model: 'llama-2-7b', precision: 'fp16', engine: 'llama.cpp', batch: 1 });
    for (const { gpu_type, tokens_per_second, gflops } of body.items) {
      const question = { price_per_hour: PRICE, gpu_type };
      const token = await math.post<CostPerTokenAnswerDto>('cost-per-token', { ...question, model_size: '7b' });
      const gflop = await math.post<CostPerGflopAnswerDto>('cost-per-gflop', question);
      if (token.body.calculation_details.fits === true)
        expect(digits(PRICE / (3600 * (tokens_per_second ?? NaN)))).toBe(token.body.cost_per_token);
      else expect(tokens_per_second).toBeNull();
      expect(digits(PRICE / (gflops ?? NaN))).toBe(gflop.body.cost_per_gflop);
    }
  });

  it('say why a GPU has none', async () => {
    const names = ['Banana 9000', 'H100-NVL', 'RTX-3070', 'H100-SXM'];
    const { body } = await math.post<GpuRatesAnswerDto>('costs', { items: names.map((gpu_type) => ({ gpu_type })) });
    expect(body.items.map(({ reason }) => reason)).toEqual(['unknown_gpu', 'unknown_bandwidth', 'does_not_fit', null]);
    expect(body.items[0]).toMatchObject({ gpu_model: null, tokens_per_second: null, gflops: null });
    expect(body.items[2]?.tokens_per_second_range).toBeNull();
    expect(body.items[2]?.gflops).toBeGreaterThan(1_000);
  });

  it('take another model, and GPUs that share it', async () => {
    const { body } = await math.post<GpuRatesAnswerDto>('costs', {
      model_size: 70,
      precision: 'fp16',
      items: [{ gpu_type: 'h100' }, { gpu_type: 'h100', gpu_count: 4 }],
    });
    expect(body.items.map(({ reason }) => reason)).toEqual(['does_not_fit', null]);
    expect(body.items[1]).toMatchObject({ gpu_count: 4, gpu_model: 'H100-SXM', gflops: 4 * 989_500 });
  });

  it('of nothing are nothing', async () => {
    expect((await math.post<GpuRatesAnswerDto>('costs', { items: [] })).body.items).toEqual([]);
  });

  it.each([
    [{}, 'items'],
    [{ items: 'x' }, 'items'],
    [{ items: Array(10_001).fill({ gpu_type: 'T4' }) }, 'items'],
    [{ items: [7] }, 'items.0'],
    [{ items: [{ gpu_type: '' }] }, 'items.0'],
    [{ items: [{ gpu_type: 'T4' }, { gpu_type: 'T4', gpu_count: 0.5 }] }, 'items.1'],
    [{ items: [{ gpu_type: 'T4', price: 1 }] }, 'items.0'],
    [{ items: [], model_size: 'huge' }, 'model_size'],
    [{ items: [], precision: 'fp99' }, 'precision'],
    [{ items: [], extra: 1 }, 'extra'],
  ])('answer 422 for a question that is none (%#)', async (question, field) => {
    const { status, body } = await math.post<ErrorEnvelopeDto>('costs', question);
    expect(status).toBe(422);
    expect(body.error.details?.map((detail) => detail.field)).toContain(field);
  });
});

it('answers 503 when the table was never read, and a malformed body is still told', async () => {
  const math = await startMathCore({ databaseUrl: 'postgres://nobody@127.0.0.1:9/none' });
  try {
    expect((await math.post('cost-per-token', GOOD)).status).toBe(503);
    expect((await math.post('cost-per-token', {})).status).toBe(422);
  } finally {
    await math.stop();
  }
});

it('describes every operation with its errors', async () => {
  const math = await startMathCore({ databaseUrl: 'postgres://nobody@127.0.0.1:9/none' });
  try {
    const document = (await (await fetch(`${math.service.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
    };
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(operations.map(({ operationId }) => operationId)).toEqual(
      expect.arrayContaining([
        'listBenchmarks',
        'getBenchmark',
        'rankByTopsis',
        'compareContent',
        'costPerToken',
        'costPerGflop',
      ]),
    );
    expect(Object.keys(document.paths['/api/v2/math/cost-per-token']?.post?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '413', '415', '422', '503']),
    );
  } finally {
    await math.stop();
  }
});
