import fc from 'fast-check';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { GPU_FACTS } from '../benchmarks/gpu-facts';
import { gpuRates } from './gpu-rates';
import { parseGpuRates } from './gpu-rates-request';
import { unitCost } from './rounding';

const FIGURES: BenchmarkFigures[] = GPU_FACTS.map((facts) => ({
  ...facts,
  id: facts.gpuModel,
  tokens7b: null,
  tokens13b: null,
  tokens70b: null,
  imagesPerMinute: null,
  source: '',
  verifiedAt: null,
  createdAt: new Date(0),
}));
const figures = fc.constantFrom(...FIGURES);
const price = fc.double({ min: 0.01, max: 100, noNaN: true });
const TASK = parseGpuRates({ items: [] });

it('gives a speed or a reason, never both and never neither', () => {
  fc.assert(
    fc.property(figures, fc.integer({ min: 1, max: 8 }), (card, gpuCount) => {
      const rates = gpuRates({ gpuType: card.gpuModel, gpuCount }, TASK, card);
      expect(rates.tokens_per_second === null).toBe(rates.reason !== null);
      expect([rates.tokens_per_second_range === null, rates.confidence === null]).toEqual(
        Array<boolean>(2).fill(rates.reason !== null),
      );
      expect(rates.gflops === null).toBe(card.tflopsFp16 === null && card.tflopsFp32 === null);
    }),
  );
});

it('costs in proportion to the price, up to six digits', () => {
  fc.assert(
    fc.property(figures, price, fc.integer({ min: 2, max: 50 }), (card, perHour, times) => {
      const { tokens_per_second: speed } = gpuRates({ gpuType: card.gpuModel, gpuCount: 1 }, TASK, card);
      fc.pre(speed !== null);
      const cost = (hour: number) => unitCost(hour / (3_600 * speed));
      expect(cost(perHour * times) / cost(perHour) / times).toBeCloseTo(1, 4);
      expect((cost(perHour) * speed * 3_600) / perHour).toBeCloseTo(1, 5);
    }),
  );
});

it('multiplies the compute rate with the GPUs', () => {
  fc.assert(
    fc.property(figures, fc.integer({ min: 1, max: 64 }), (card, gpuCount) => {
      const rate = (count: number) => gpuRates({ gpuType: 'x', gpuCount: count }, TASK, card).gflops;
      fc.pre(rate(1) !== null);
      expect(rate(gpuCount)).toBeCloseTo((rate(1) ?? NaN) * gpuCount, 3);
    }),
  );
});

it.each([
  ['memory', { vramGb: null }, 'unknown_memory'],
  ['bandwidth', { memoryBandwidth: null }, 'unknown_bandwidth'],
])('says that the %s is not known', (_what, change, reason) => {
  const card = FIGURES.find(({ gpuModel }) => gpuModel === 'T4');
  if (card === undefined) throw new Error('no T4');
  expect(gpuRates({ gpuType: 'T4', gpuCount: 1 }, TASK, { ...card, ...change })).toMatchObject({
    reason,
    tokens_per_second: null,
    gpu_model: 'T4',
  });
});
