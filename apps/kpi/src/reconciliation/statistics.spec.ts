import fc from 'fast-check';
import { deviation, least, mean, median, most, roundedOrNull, saving } from './statistics';

const prices = fc.array(
  fc.integer({ min: 1, max: 1_000_000 }).map((price) => price / 10_000),
  { minLength: 1 },
);

it.each([
  [[1, 2, 3], 2, 2, 1],
  [[0.1, 0.2], 0.15, 0.15, 0.0707],
  [[5], 5, 5, null],
  [[], null, null, null],
])('%j has mean %p, median %p and deviation %p', (values, middle, half, spread) => {
  expect([mean(values), median(values), deviation(values)]).toEqual([middle, half, spread]);
});

it('saves what the cheapest lacks to the median', () => {
  expect(roundedOrNull(saving([1, 2, 4]))).toBe(0.5);
  expect(saving([])).toBeNull();
});

it('keeps mean and median between the lowest and the highest', () => {
  fc.assert(
    fc.property(prices, (values) => {
      const [low, high] = [least(values) ?? 0, most(values) ?? 0];
      for (const figure of [mean(values), median(values)]) {
        expect(figure).toBeGreaterThanOrEqual(low - 0.0001);
        expect(figure).toBeLessThanOrEqual(high + 0.0001);
      }
      const saved = roundedOrNull(saving(values)) ?? -1;
      expect(saved >= 0 && saved < 1.00005).toBe(true);
    }),
  );
});
