import fc from 'fast-check';
import { stepsAtOnce } from '../request/turns';
import { ranksInSteps } from './competition-ranks';

const competitionRanks = (values: Float64Array): Uint32Array => stepsAtOnce(ranksInSteps(values));

const counted = (values: readonly number[]): number[] =>
  values.map((value) => 1 + values.filter((other) => other > value).length);

it.each([
  ['ties that share the best rank', [0.5, 0.9, 0.9, 0.1], [3, 1, 1, 4]],
  ['nothing', [], []],
  ['one value', [0.3], [1]],
  ['equal values', [0.5, 0.5, 0.5], [1, 1, 1]],
  ['values that fall into one bucket but for one', [1e300, 1, 3, 2, 2], [1, 5, 2, 3, 3]],
  ['neighbours among the numbers', [1, 1 + Number.EPSILON, 1], [2, 1, 2]],
])('ranks %s', (_name, values, ranks) => {
  expect([...competitionRanks(Float64Array.from(values))]).toEqual(ranks);
});

it('ranks by how many are greater', () => {
  const few = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 1)));
  fc.assert(
    fc.property(few, (values) => {
      expect([...competitionRanks(Float64Array.from(values))]).toEqual(counted(values));
    }),
  );
});

it('ranks many values of one bucket', () => {
  const values = [...Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) * 1e-9), 1];
  expect([...competitionRanks(Float64Array.from(values))]).toEqual(counted(values));
});
