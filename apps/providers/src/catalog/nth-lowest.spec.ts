import fc from 'fast-check';
import { nthLowest } from './nth-lowest';

describe('nthLowest', () => {
  it('finds what a sort would put there, and leaves lower values before it', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.nat(), (numbers, at) => {
        const nth = at % numbers.length;
        const array = Float64Array.from(numbers);
        const found = nthLowest(array, nth);
        expect(found).toBe([...numbers].sort((a, b) => a - b)[nth]);
        expect(array.subarray(0, nth).every((value) => value <= found)).toBe(true);
        expect(array.subarray(nth).every((value) => value >= found)).toBe(true);
      }),
    );
  });
});
