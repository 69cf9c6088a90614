import fc from 'fast-check';
import { rankedRows, type RankKey } from './ranked-rows';

const keyOf =
  (column: readonly number[]): RankKey =>
  (rows) =>
    Float64Array.from(rows, (row) => column[row] ?? 0);

describe('rankedRows', () => {
  it('gives any page of the sorted rows, however many are equal', () => {
    const few = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(few, few), { maxLength: 1_200, size: 'max' }),
        fc.nat(1_300),
        fc.constantFrom(10, 100),
        (pairs, from, size) => {
          const rows = Uint32Array.from(pairs, (_, row) => row);
          const compare = (a: number, b: number) => a - b;
          const keys = [keyOf(pairs.map(([first]) => first)), keyOf(pairs.map(([, second]) => -second))];
          const expected = pairs
            .map((_, row) => row)
            .sort(
              (a, b) =>
                (pairs[a]?.[0] ?? 0) - (pairs[b]?.[0] ?? 0) || (pairs[b]?.[1] ?? 0) - (pairs[a]?.[1] ?? 0) || a - b,
            );
          expect([...rankedRows(rows, { keys, compare }, from, from + size)]).toEqual(
            expected.slice(from, from + size),
          );
        },
      ),
    );
  });
});
