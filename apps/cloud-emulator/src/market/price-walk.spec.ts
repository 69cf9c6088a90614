import fc from 'fast-check';
import { AT_LIST_BP, nextLevel, unitPrice } from './price-walk';
import type { Tide } from './product-plan';

const TIDE: Tide = { chance: 0.1, stepBp: 600, rangeBp: 2_500, grain: 10_000 };
const chance = fc.double({ min: 0, max: 0.999999, noNaN: true });

describe('price walk', () => {
  it('moves by at least one and at most one step, and stays in its range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 7_500, max: 12_500 }), chance, chance, (level, direction, size) => {
        const moved = nextLevel(level, AT_LIST_BP, TIDE, direction, size);
        expect(Math.abs(moved - level)).toBeLessThanOrEqual(TIDE.stepBp);
        expect(moved).toBeGreaterThanOrEqual(7_500);
        expect(moved).toBeLessThanOrEqual(12_500);
      }),
    );
  });

  it('is pulled home from the edge of its range', () => {
    expect(nextLevel(12_500, AT_LIST_BP, TIDE, 0.1, 0.5)).toBeLessThan(12_500);
    expect(nextLevel(7_500, AT_LIST_BP, TIDE, 0.9, 0.5)).toBeGreaterThan(7_500);
  });

  it('asks whole grains and never nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 150_000_000 }),
        fc.integer({ min: 7_500, max: 12_500 }),
        fc.integer({ min: 7_500, max: 16_000 }),
        (list, level, spread) => {
          const price = unitPrice(list, level, spread, 10_000);
          expect(price).toBeGreaterThanOrEqual(10_000);
          expect(price % 10_000).toBe(0);
        },
      ),
    );
  });

  it('asks exactly the list price at the list level', () => {
    expect(unitPrice(26_667, AT_LIST_BP, AT_LIST_BP, 1)).toBe(26_667);
  });
});
