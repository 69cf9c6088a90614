import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { EfficiencyAnswerDto } from '@gpubroker/contracts/math';
import fc from 'fast-check';
import { startMathCore, type RunningMathCore } from './support/running-math-core';
import { WORKED_CASES } from './support/worked-cases';

const OFFER = {
  id: 'x',
  gpu_type: 'H100-SXM',
  gpu_count: 1,
  gpu_memory_gb: 80,
  price_per_hour: 2,
  currency: 'USD',
  region: 'eu-west-1',
  availability_status: 'available',
  reliability_score: 0.95,
};
const PROFILE = { workload_type: 'llm_inference', model_size: '7b' };

let math: RunningMathCore;
beforeAll(async () => {
  math = await startMathCore();
});
afterAll(() => math.stop());

const judge = async (offer: object, profile: object = {}): Promise<EfficiencyAnswerDto> => {
  const question = { offer: { ...OFFER, ...offer }, workload_profile: { ...PROFILE, ...profile } };
  return (await math.post<EfficiencyAnswerDto>('efficiency-score', question)).body;
};
const score = async (offer: object, profile: object = {}) => {
  const body = await judge(offer, profile);
  return { ...body, score: body.score ?? NaN };
};

it('scores from 0 to 100, and shows every part with its weight', async () => {
  const body = await score({});
  expect(body.score).toBeGreaterThan(40);
  expect(body.score).toBeLessThan(100);
  expect(body.parts.map(({ name }) => name)).toEqual(['value', 'speed', 'memory', 'reliability']);
  const sum = body.parts.reduce((total, { score: part, weight }) => total + (part ?? 0) * weight, 0);
  expect(body.score).toBeCloseTo(100 * sum, 1);
  expect(body.details).toMatchObject({ gpu_model: 'H100-SXM', fits: true, unit: 'tokens', region_factor: 1 });
});

it('gives a half for value and speed to the reference itself', async () => {
  const body = await score({ gpu_type: 'A100-80GB-SXM', price_per_hour: 1.5 });
  expect(body.parts[0]).toMatchObject({ name: 'value', score: 0.5 });
  expect(body.parts[1]).toMatchObject({ name: 'speed', score: 0.5 });
});

it.each(WORKED_CASES)(
  'is what docs/mathematics.md works out: $kind, $offer',
  async ({ kind, offer, profile, expected }) => {
    const body = await score(offer, { model_size: undefined, ...profile, workload_type: kind });
    expect([...body.parts.map(({ score: part }) => part), body.score]).toEqual(expected);
  },
);

it('falls when the price rises, and never rises with it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('llm_inference', 'image_generation', 'fine_tuning', 'data_processing'),
      fc.constantFrom('H100-SXM', 'RTX-4090', 'L40S'),
      fc.double({ min: 0.05, max: 10, noNaN: true }),
      async (workload_type, gpu_type, price) => {
        const ask = (price_per_hour: number) =>
          score({ gpu_type, gpu_memory_gb: null, price_per_hour }, { workload_type, budget: 3 });
        const [cheap, dear] = [await ask(price), await ask(price * 1.5)];
        expect(dear.score).toBeLessThan(cheap.score);
      },
    ),
    { numRuns: 15 },
  );
});

it('is the same for a node and for one of its GPUs where the work fits into one, but for speed', async () => {
  const [one, node] = [await score({}), await score({ gpu_count: 8 })];
  expect(node.parts[0]?.score).toBeCloseTo(one.parts[0]?.score ?? NaN, 3);
  expect(node.details.units_per_second).toBeCloseTo(8 * (one.details.units_per_second ?? NaN), -1);
});

it('is 0 for what does not fit or cannot be had, and says so', async () => {
  const small = await score({ gpu_type: 'RTX-3070', gpu_memory_gb: 8 });
  expect([small.score, small.details.fits]).toEqual([0, false]);
  expect(small.warnings[0]).toMatch(/does not fit/);
  expect((await score({ availability_status: 'unavailable' })).score).toBe(0);
  expect((await score({ availability_status: 'limited' })).score).toBeLessThan((await score({})).score);
});

it('leaves out what is not known, with less confidence', async () => {
  const known = await score({});
  const unknown = await score({ gpu_type: 'Banana 9000', reliability_score: null });
  expect(unknown.parts.map(({ score: part }) => part === null)).toEqual([true, true, false, true]);
  expect(unknown.parts[2]?.weight).toBe(1);
  expect(unknown.confidence).toBeLessThan(known.confidence);
  const euros = await score({ currency: 'EUR' });
  expect(euros.parts[0]?.score).toBeNull();
  const nothing = await judge({ gpu_type: 'Banana 9000', gpu_memory_gb: null, reliability_score: null });
  expect([nothing.score, nothing.details.fits]).toEqual([null, null]);
});

it('takes half for another region, and the share that a budget leaves', async () => {
  const free = await score({});
  const half = (free.score / 2).toFixed(2);
  expect((await score({}, { region: 'us' })).score.toFixed(2)).toBe(half);
  expect((await score({}, { region: 'eu-' })).score).toBe(free.score);
  expect((await score({}, { region: 'eu' })).score).toBe(free.score);
  expect((await score({ region: null }, { region: 'eu' })).details.region_factor).toBe(0.5);
  expect((await score({}, { budget: 1 })).score.toFixed(2)).toBe(half);
  expect((await score({}, { budget: { amount: 24, per: 'day', currency: 'USD' } })).score.toFixed(2)).toBe(half);
  expect((await score({}, { budget: { amount: 1, per: 'total' } })).score).toBe(free.score);
  const foreign = await score({}, { budget: { amount: 1, per: 'hour', currency: 'EUR' } });
  expect([foreign.score, foreign.warnings.at(-2)]).toEqual([
    free.score,
    'Budget and price are in different currencies',
  ]);
});

it('takes a model by size, number or name', async () => {
  const need = async (profile: object) => (await score({}, profile)).details.need_gb;
  expect(await need({ model_size: 7 })).toBe(await need({ model_size: '7B' }));
  expect(await need({ model_size: 'llama-3-8b' })).toBe(await need({ model_size: null, model_name: 'llama-3-8b' }));
});

it('judges a slice by its share of the card', async () => {
  const [whole, slice] = [await score({ gpu_type: 'A10', gpu_memory_gb: 24 }, { model_size: 1 }), await score({ gpu_type: 'A10', gpu_memory_gb: 24, gpu_count: 0.5 }, { model_size: 1 })]; // prettier-ignore
  expect(slice.details.vram_gb).toBe(12);
  expect(slice.details.units_per_second).toBeLessThan(whole.details.units_per_second ?? 0);
});

it.each([
  [{ offer: 7 }, 'offer'],
  [{ workload_profile: 'x' }, 'workload_profile'],
  [{ offer: {} }, 'offer.gpu_type'],
  [{ offer: { gpu_type: 'T4' } }, 'offer.price_per_hour'],
  [{ offer: { ...OFFER, price_per_hour: 0 } }, 'offer.price_per_hour'],
  [{ offer: { ...OFFER, reliability_score: 2 } }, 'offer.reliability_score'],
  [{ offer: { ...OFFER, availability_status: 'maybe' } }, 'offer.availability_status'],
  [{ workload_profile: {} }, 'workload_profile.workload_type'],
  [{ workload_profile: { ...PROFILE, model_size: -7 } }, 'workload_profile.model_size'],
  [{ workload_profile: { ...PROFILE, model_size: true } }, 'workload_profile.model_size'],
  [{ workload_profile: { ...PROFILE, budget: -1 } }, 'workload_profile.budget.amount'],
  [{ workload_profile: { ...PROFILE, extra: 1 } }, 'workload_profile.extra'],
  [{ extra: 1 }, 'extra'],
])('answers 422 for %j', async (change, field) => {
  const { status, body } = await math.post<ErrorEnvelopeDto>('efficiency-score', {
    offer: OFFER,
    workload_profile: PROFILE,
    ...change,
  });
  expect(status).toBe(422);
  expect(body.error.details?.map((detail) => detail.field)).toContain(field);
});
