import fc from 'fast-check';
import { microUsd, usdNumber, usdText } from './money';

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

  it('comes back unchanged through text and through a JSON number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999_999 }), (price) => {
        expect(microUsd(usdText(price))).toBe(price);
        expect(Math.round(usdNumber(price) * 1_000_000)).toBe(price);
      }),
    );
  });

  it('keeps two places of cents in text', () => {
    expect(usdText(2_000_000)).toBe('2.00');
    expect(usdText(26_667)).toBe('0.026667');
  });
});
