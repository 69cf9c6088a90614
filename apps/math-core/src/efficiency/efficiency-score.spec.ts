import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { WORKLOAD_TYPES } from '@gpubroker/contracts/math';
import { WORKED_CASES } from '../../test/support/worked-cases';
import { efficiencyScore, PART_NAMES, WEIGHTS, type EfficiencyFigures } from './efficiency-score';

const FIGURES: EfficiencyFigures = {
  type: 'llm_inference',
  pricePerHour: 2,
  speed: 100,
  referenceSpeed: 100,
  referencePrice: 2,
  needGb: 20,
  vramGb: 80,
  fits: true,
  availability: 'available',
  reliability: 1,
  regionFactor: 1,
  budgetFactor: 1,
};
const scoreOf = (change: Partial<EfficiencyFigures>) => efficiencyScore({ ...FIGURES, ...change }).score ?? NaN;
const positive = fc.double({ min: 0.01, max: 1_000, noNaN: true });
const kind = fc.constantFrom(...WORKLOAD_TYPES);

it.each(WORKLOAD_TYPES)('weighs %s by shares that sum to 1', (type) => {
  expect(PART_NAMES.reduce((sum, name) => sum + WEIGHTS[type][name], 0)).toBeCloseTo(1, 12);
});

it('stays from 0 to 100, and moves the right way with price, speed, memory and reliability', () => {
  fc.assert(
    fc.property(
      kind,
      positive,
      positive,
      positive,
      fc.double({ min: 1.01, max: 5, noNaN: true }),
      (type, price, speed, vramGb, more) => {
        const base = { type, pricePerHour: price, speed, vramGb, reliability: 0.5 };
        const score = scoreOf(base);
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(100);
        expect(scoreOf({ ...base, pricePerHour: price * more })).toBeLessThan(score);
        expect(scoreOf({ ...base, speed: speed * more })).toBeGreaterThan(score);
        expect(scoreOf({ ...base, vramGb: vramGb * more })).toBeGreaterThanOrEqual(score);
        expect(scoreOf({ ...base, reliability: 0.6 })).toBeGreaterThan(score);
      },
    ),
  );
});

it('does not depend on the currency or on the unit of work', () => {
  fc.assert(
    fc.property(kind, positive, positive, positive, (type, price, speed, factor) => {
      const own = scoreOf({ type, pricePerHour: price, speed });
      expect(scoreOf({ type, pricePerHour: price * factor, referencePrice: 2 * factor, speed })).toBeCloseTo(own, 9);
      expect(scoreOf({ type, pricePerHour: price, speed: speed * factor, referenceSpeed: 100 * factor })).toBeCloseTo(
        own,
        9,
      );
    }),
  );
});

it('follows from the parts that are shown', () => {
  for (const { kind: type, expected } of WORKED_CASES) {
    const [value, speed, memory, reliability, score] = expected;
    const weights = WEIGHTS[type];
    const sum =
      weights.value * value + weights.speed * speed + weights.memory * memory + weights.reliability * reliability;
    expect(Math.abs(100 * sum - score)).toBeLessThan(0.01);
  }
});

it('is worked out in docs/mathematics.md, three cases a kind, to the last digit', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/mathematics.md'), 'utf8');
  for (const { kind: type, offer, expected } of WORKED_CASES) {
    const line = page
      .split('\n')
      .find((one) => one.startsWith(`| ${type} | ${offer.gpu_type}, ${offer.price_per_hour} USD,`));
    expect(line?.split('|').slice(-6, -1).map(Number)).toEqual([...expected]);
    const { value, speed, memory, reliability } = WEIGHTS[type];
    expect(page).toContain(`| ${type} | ${value} | ${speed} | ${memory} | ${reliability} |`);
  }
  for (const type of WORKLOAD_TYPES) expect(WORKED_CASES.filter(({ kind: one }) => one === type)).toHaveLength(3);
});
