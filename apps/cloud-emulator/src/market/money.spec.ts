import fc from 'fast-check';
import { microUsd, usdNumber } from './money';

describe('money', () => {
  it.each([
    ['1.74', 1_740_000],
    ['0.026667', 26_667],
    ['106', 106_000_000],
  ])('reads %s as whole micro-USD', (decimal, expected) => {
    expect(microUsd(decimal)).toBe(expected);
  });

  it.each(['', '-1', '1.1234567', '1e3', '.5', 'NaN', '1,5'])('refuses %p', (decimal) => {
    expect(() => microUsd(decimal)).toThrow(RangeError);
  });

  it('comes back unchanged through a JSON number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999_999 }), (price) => {
        const { usd } = JSON.parse(JSON.stringify({ usd: usdNumber(price) })) as { usd: number };
        expect(microUsd(usd.toFixed(6))).toBe(price);
      }),
    );
  });
});
