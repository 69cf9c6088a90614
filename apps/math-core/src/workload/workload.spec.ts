import fc from 'fast-check';
import { WORKLOAD_TYPES } from '@gpubroker/contracts/math';
import { GPU_FACTS } from '../benchmarks/gpu-facts';
import type { PriceQuote } from '../market/price-quote';
import type { Card } from '../throughput/estimate';
import { chooseTiers } from './choose-tiers';
import { demandOf } from './demand-of';
import { gpuPlan, proposedPlan } from './gpu-plan';
import { languageModel } from './language-model';
import { byMerit, pricedPlan, withinBudget, type PricedPlan } from './priced-plan';
import { comfortableGb, gigabytesFor } from './vram-sizes';
import { parseWorkload } from './workload-request';

const CARDS: Card[] = GPU_FACTS.flatMap((facts) =>
  facts.memoryBandwidth === null || facts.vramGb === null ? [] : [{ ...facts, memoryBandwidth: facts.memoryBandwidth }],
);
const card = fc.constantFrom(...CARDS);
const kind = fc.constantFrom(...WORKLOAD_TYPES);
const amount = fc.double({ min: 1, max: 1e12, noNaN: true });
const price = fc.double({ min: 0.05, max: 20, noNaN: true });
const demand = (body: Record<string, unknown>) => demandOf(parseWorkload(body));

const quoteOf = (gpuModel: string, lowest: number): PriceQuote => ({
  gpuModel,
  currency: 'USD',
  lowest,
  typical: lowest * 1.5,
  offers: 3,
  sources: ['live'],
  observedAt: new Date(0),
});

it('gives GPUs that hold the work, and times whose range holds the expected one', () => {
  fc.assert(
    fc.property(kind, amount, card, (workload_type, quantity, chosen) => {
      const work = demand({ workload_type, quantity });
      const plan = gpuPlan(work, chosen, null);
      fc.pre(plan !== null);
      expect(plan.vramGb).toBeGreaterThanOrEqual(gigabytesFor(work, work.divisible ? plan.gpuCount : 1));
      expect(plan.vramGb).toBeGreaterThanOrEqual(gigabytesFor(work, 1));
      expect(plan.hours?.low ?? 0).toBeLessThanOrEqual(plan.hours?.expected ?? 0);
      expect(plan.hours?.expected ?? 0).toBeLessThanOrEqual(plan.hours?.high ?? 0);
      expect(plan.gpuHours === null).toBe(plan.pace === null);
    }),
  );
});

it('proposes no groups of small cards, and takes them where they are asked for', () => {
  const cardOf = (name: string) => CARDS.find(({ gpuModel }) => gpuModel === name) ?? CARDS[0]!;
  const work = demand({ workload_type: 'llm_inference', quantity: 1e6, model_name: 'llama-3-8b' });
  expect(proposedPlan(work, cardOf('RTX-3070'), null)).toBeNull();
  expect(gpuPlan(work, cardOf('RTX-3070'), null)?.gpuCount).toBe(4);
  expect(proposedPlan(work, cardOf('RTX-4090'), null)?.gpuCount).toBe(1);
  const large = demand({ workload_type: 'llm_inference', quantity: 1e6, model_name: 'llama-3-70b' });
  expect(proposedPlan(large, cardOf('RTX-4090'), null)).toBeNull();
  expect(proposedPlan(large, cardOf('H100-SXM'), null)?.gpuCount).toBe(2);
});

it('takes and costs as many times more as there is more to do', () => {
  fc.assert(
    fc.property(
      kind,
      fc.double({ min: 1, max: 1e9, noNaN: true }),
      fc.integer({ min: 2, max: 100 }),
      card,
      price,
      (workload_type, quantity, times, chosen, lowest) => {
        const costOf = (count: number) => {
          const plan = gpuPlan(demand({ workload_type, quantity: count }), chosen, null);
          return plan === null ? null : pricedPlan(plan, quoteOf(plan.gpuModel, lowest)).cost;
        };
        const [once, often] = [costOf(quantity), costOf(quantity * times)];
        fc.pre(once !== null && often !== null);
        expect(often.expected / once.expected).toBeCloseTo(times, 6);
      },
    ),
  );
});

it('costs in proportion to the price, and keeps the order when all prices change alike', () => {
  fc.assert(
    fc.property(kind, amount, fc.array(price, { minLength: 20, maxLength: 20 }), (workload_type, quantity, lowest) => {
      const work = demand({ workload_type, quantity });
      const plans = CARDS.slice(0, 20).flatMap((one) => gpuPlan(work, one, null) ?? []);
      const order = (factor: number) =>
        plans
          .map((plan, index) => pricedPlan(plan, quoteOf(plan.gpuModel, (lowest[index] ?? 1) * factor)))
          .sort(byMerit(null));
      const [before, after] = [order(1), order(8)];
      expect(after.map(({ plan }) => plan.gpuModel)).toEqual(before.map(({ plan }) => plan.gpuModel));
      for (const [index, { cost }] of before.entries())
        expect((after[index]?.cost?.expected ?? 0) / 8 / (cost?.expected ?? 1)).toBeCloseTo(cost === null ? 0 : 1, 9);
    }),
    { numRuns: 50 },
  );
});

it('meets a deadline with as many groups as it takes, for the same GPU-hours', () => {
  fc.assert(
    fc.property(kind, amount, card, fc.integer({ min: 1, max: 500 }), (workload_type, quantity, chosen, hours) => {
      const work = demand({ workload_type, quantity });
      const [free, bound] = [gpuPlan(work, chosen, null), gpuPlan(work, chosen, hours)];
      fc.pre(free?.hours != null && bound?.hours != null);
      expect(bound.hours.expected).toBeLessThanOrEqual(hours * (1 + 1e-9));
      expect(bound.gpuHours).toEqual(free.gpuHours);
    }),
  );
});

it('keeps up with a rate', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e6, noNaN: true }), card, (value, chosen) => {
      const quantity = { value, unit: 'tokens', per: 'second' };
      const plan = gpuPlan(demand({ workload_type: 'llm_inference', quantity, model_size_b: 8 }), chosen, null);
      fc.pre(plan?.pace != null);
      expect(plan.replicas * plan.pace.expected).toBeGreaterThanOrEqual(value * (1 - 1e-12));
      expect((plan.replicas - 1) * plan.pace.expected).toBeLessThan(value);
    }),
  );
});

it('needs no less memory for more parameters, context, batch or precision', () => {
  const size = fc.double({ min: 0.1, max: 150, noNaN: true });
  const least = (more: Record<string, unknown>) => gigabytesFor(demand({ workload_type: 'llm_inference', ...more }), 1);
  fc.assert(
    fc.property(
      size,
      fc.integer({ min: 2, max: 8 }),
      fc.integer({ min: 1, max: 50_000 }),
      (n, times, context_tokens) => {
        const base = { model_size_b: n, context_tokens, precision: 'int8' };
        expect(least({ ...base, context_tokens: context_tokens * times })).toBeGreaterThanOrEqual(least(base));
        expect(least({ ...base, batch: times })).toBeGreaterThanOrEqual(least(base));
        expect(least({ ...base, precision: 'fp16' })).toBeGreaterThanOrEqual(least(base));
        expect(comfortableGb(least(base))).toBeGreaterThan(least(base));
      },
    ),
  );
});

it('names the tier that was asked for first, and no GPU twice', () => {
  fc.assert(
    fc.property(kind, amount, fc.option(card, { nil: null }), (workload_type, quantity, wished) => {
      const work = demand({ workload_type, quantity });
      const priced = (one: Card): PricedPlan[] => {
        const plan = gpuPlan(work, one, null);
        return plan === null ? [] : [pricedPlan(plan, null)];
      };
      const requested = wished === null ? null : (priced(wished)[0] ?? null);
      const tiers = chooseTiers(CARDS.flatMap(priced), comfortableGb(gigabytesFor(work, 1)), requested);
      const names = tiers.map(({ priced: { plan } }) => `${plan.gpuCount} ${plan.gpuModel}`);
      expect(new Set(names).size).toBe(names.length);
      expect(tiers[0]?.tier).toBe(requested === null ? 'recommended' : 'requested');
    }),
    { numRuns: 40 },
  );
});

it('judges a budget by the typical price', () => {
  const plan = gpuPlan(
    demand({ workload_type: 'llm_inference', quantity: { value: 10, unit: 'hours' } }),
    CARDS[8]!,
    null,
  );
  if (plan === null) throw new Error('no plan');
  const priced = pricedPlan(plan, quoteOf('x', 1));
  const within = (amount: number, per: 'total' | 'hour' | 'day' | 'month', currency: string | null = 'USD') =>
    withinBudget(priced, { amount, per, currency });
  expect([within(15, 'total'), within(14.9, 'total')]).toEqual([true, false]);
  expect([within(1.5, 'hour'), within(35, 'day'), within(1_080, 'month', null)]).toEqual([true, false, true]);
  expect(within(15, 'total', 'EUR')).toBeNull();
  expect(withinBudget(pricedPlan(plan, null), { amount: 1, per: 'total', currency: null })).toBeNull();
});

it.each([
  ['llama', 70, 'llama-3-70b', false],
  ['llama', 8, 'llama-3-8b', false],
  ['mistral', 7, 'mistral-7b', false],
  ['qwen', 14, 'qwen-14b', false],
  ['llama-3-8b', 8, 'llama-3-8b', false],
  [null, 7, 'llama-2-7b', false],
  [null, 34, '34b', false],
  ['llama', null, 'llama-3-8b', true],
  ['gpt2', null, 'gpt2', false],
  ['gpt-99', 30, '30b', true],
  ['gpt-99', null, 'llama-3-8b', true],
  [null, null, 'llama-3-8b', true],
])('%s of %s billion means %s', (name, size, shape, supposed) => {
  const chosen = languageModel(name, size);
  expect([chosen.shape.name, chosen.assumption !== null]).toEqual([shape, supposed]);
});

it.each([
  [{ workload_type: 'training', quantity: { value: 3, unit: 'epochs' }, dataset_samples: 500 }, 1_500],
  [{ workload_type: 'training', quantity: { value: 3, unit: 'epochs' } }, 30_000],
  [{ workload_type: 'training', quantity: { value: 100, unit: 'steps' }, batch: 4 }, 400],
  [{ workload_type: 'training', quantity: { value: 100, unit: 'steps' } }, 800],
  [{ workload_type: 'training', quantity: { value: 20_480, unit: 'tokens' } }, 10],
  [{ workload_type: 'fine_tuning', quantity: 100 }, 300],
  [{ workload_type: 'fine_tuning', quantity: 100, epochs: 5 }, 500],
  [{ workload_type: 'video_processing', quantity: { value: 108_000, unit: 'images' } }, 1],
  [{ workload_type: 'video_processing', quantity: { value: 360, unit: 'samples' } }, 1],
  [{ workload_type: 'data_processing', quantity: { value: 256, unit: 'tokens' } }, 1],
  [{ workload_type: 'llm_inference', quantity: { value: 2, unit: 'requests' } }, 1_024],
])('%j is %d units of work', (body, units) => {
  expect(demand(body).amount).toBeCloseTo(units, 6);
});

it.each(WORKLOAD_TYPES)('takes hours of %s for a rental, or for footage', (workload_type) => {
  const { amount: work, hours } = demand({ workload_type, quantity: { value: 5, unit: 'hours' } });
  expect([work, hours]).toEqual(workload_type === 'video_processing' ? [5, null] : [null, 5]);
});

it.each(WORKLOAD_TYPES)('spreads a rate of %s over its period, or takes it as one run', (workload_type) => {
  const quantity = { value: 86_400, unit: 'samples', per: 'day' };
  const { amount: work, rate } = demand({ workload_type, quantity });
  expect([work === null, rate === null]).toEqual(
    workload_type === 'training' || workload_type === 'fine_tuning' ? [false, true] : [true, false],
  );
});
