import fc from 'fast-check';
import { nextStock, stockMoveChance } from './stock-walk';

const chance = fc.double({ min: 0, max: 0.999999, noNaN: true });

describe('stock walk', () => {
  it('keeps a pool between empty and full', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), chance, chance, chance, (capacity, start, direction, size) => {
        const moved = nextStock(Math.floor(start * capacity), capacity, direction, size);
        expect(moved).toBeGreaterThanOrEqual(0);
        expect(moved).toBeLessThanOrEqual(capacity);
      }),
    );
  });

  it('toggles a single offer', () => {
    expect(nextStock(0, 1, 0.9, 0.9)).toBe(1);
    expect(nextStock(1, 1, 0.1, 0.1)).toBe(0);
  });

  it('brings back what is gone sooner than it takes what is there', () => {
    expect(stockMoveChance(0.3, 0)).toBeGreaterThan(stockMoveChance(0.3, 1));
    expect(stockMoveChance(0.9, 0)).toBe(1);
  });
});
