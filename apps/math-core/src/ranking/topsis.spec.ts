import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import fc from 'fast-check';
import { topsis, type DecisionMatrix } from './topsis';

const matrixOf = (rows: readonly (readonly number[])[]): DecisionMatrix => ({
  values: Float64Array.from(rows.flat()),
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
});

interface Problem {
  readonly rows: number[][];
  readonly weights: number[];
  readonly benefit: boolean[];
}

const solve = ({ rows, weights, benefit }: Problem) => topsis(matrixOf(rows), weights, benefit);

/** Values as prices, memory and rates are: some orders of magnitude, none too near to another to be told apart. */
const value = fc.integer({ min: 1, max: 100_000 }).map((n) => n / 8);

const problem: fc.Arbitrary<Problem> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 6 }))
  .chain(([m, n]) =>
    fc.record({
      rows: fc.array(fc.array(value, { minLength: n, maxLength: n }), { minLength: m, maxLength: m }),
      weights: fc
        .array(fc.integer({ min: 1, max: 100 }), { minLength: n, maxLength: n })
        .map((raw) => raw.map((weight) => weight / raw.reduce((sum, next) => sum + next, 0))),
      benefit: fc.array(fc.boolean(), { minLength: n, maxLength: n }),
    }),
  );

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 9): void {
  expect(actual).toHaveLength(expected.length);
  for (let index = 0; index < expected.length; index += 1)
    expect(actual[index]).toBeCloseTo(expected[index] ?? NaN, digits);
}

const rotate = <T>(list: readonly T[]): T[] => [...list.slice(1), ...list.slice(0, 1)];

it('agrees with the worked example of Tzeng and Huang', () => {
  const rows = [
    [5, 8, 4],
    [7, 6, 8],
    [8, 8, 6],
    [7, 4, 6],
  ];
  const { scores, rankings } = solve({ rows, weights: [0.3, 0.4, 0.3], benefit: [true, true, true] });
  expectClose(scores, [0.5037196585795188, 0.6580847719618138, 0.7482486599406238, 0.333997436943342], 12);
  expect([...rankings]).toEqual([3, 2, 1, 4]);
});

describe('whatever is ranked', () => {
  const holds = (property: (given: Problem) => void) => fc.assert(fc.property(problem, property), { numRuns: 300 });

  it('has finite scores from 0 to 1', () => {
    holds((given) => {
      for (const score of solve(given).scores) expect(score >= 0 && score <= 1).toBe(true);
    });
  });

  it('gives the same when its alternatives come in another order', () => {
    holds((given) => {
      expectClose(solve({ ...given, rows: rotate(given.rows) }).scores, rotate([...solve(given).scores]));
    });
  });

  it('gives the same when its criteria come in another order', () => {
    holds(({ rows, weights, benefit }) => {
      const turned = { rows: rows.map(rotate), weights: rotate(weights), benefit: rotate(benefit) };
      expectClose(solve(turned).scores, solve({ rows, weights, benefit }).scores);
    });
  });

  it('gives the same when a criterion is measured in another unit, however large', () => {
    fc.assert(
      fc.property(problem, fc.constantFrom(1e-290, 1e-3, 7, 1e290), (given, unit) => {
        const rows = given.rows.map(([first = 0, ...rest]) => [first * unit, ...rest]);
        expectClose(solve({ ...given, rows }).scores, solve(given).scores);
      }),
    );
  });

  it('scores 1 minus as much when every criterion is turned round', () => {
    holds((given) => {
      const turned = { ...given, benefit: given.benefit.map((more) => !more) };
      expectClose(
        solve(turned).scores,
        [...solve(given).scores].map((score) => 1 - score),
      );
    });
  });

  it('gives the same without a column that is constant or zero', () => {
    fc.assert(
      fc.property(problem, fc.constantFrom(0, 3.7), (given, constant) => {
        const more = {
          rows: given.rows.map((row) => [...row, constant]),
          weights: [...given.weights.map((weight) => weight / 2), 0.5],
          benefit: [...given.benefit, true],
        };
        expectClose(solve(more).scores, solve(given).scores);
      }),
    );
  });

  it('never scores what is better in everything below what it beats', () => {
    fc.assert(
      fc.property(problem, fc.double({ min: 1, max: 3, noNaN: true }), (given, factor) => {
        const [first = []] = given.rows;
        const better = first.map((cell, column) => (given.benefit[column] === true ? cell * factor : cell / factor));
        const { scores } = solve({ ...given, rows: [better, ...given.rows] });
        expect((scores[0] ?? 0) - (scores[1] ?? 0)).toBeGreaterThan(-1e-12);
      }),
    );
  });

  it('never scores an offer lower for a lower price', () => {
    fc.assert(
      fc.property(problem, fc.double({ min: 0.1, max: 1, noNaN: true }), (given, factor) => {
        const benefit = [false, ...given.benefit.slice(1)];
        const cheaper = given.rows.map(([price = 0, ...rest], row) => [row === 0 ? price * factor : price, ...rest]);
        const before = solve({ ...given, benefit }).scores[0] ?? 0;
        const after = solve({ ...given, benefit, rows: cheaper }).scores[0] ?? 0;
        expect(after - before).toBeGreaterThan(-1e-12);
      }),
    );
  });
});

it.each([
  ['one alternative', [[1, 2]]],
  ['equal rows', [[1, 2], [1, 2], [1, 2]]], // prettier-ignore
  ['zeros', [[0, 0], [0, 0]]], // prettier-ignore
])('scores %s alike, at one half, all best', (_name, rows) => {
  const { scores, rankings } = solve({ rows, weights: [0.5, 0.5], benefit: [true, false] });
  expect([...scores]).toEqual(rows.map(() => 0.5));
  expect([...rankings]).toEqual(rows.map(() => 1));
});

// Sums of the same terms in another order differ in the last digit.
it.each([[[516, 34, 215, 347, 192]], [[1, 2, 3]], [[7, 11, 13, 17]], [[101, 203, 307, 409, 503, 601]], [[33, 66, 1]]])(
  'lets alternatives share a rank that have the values %j in different columns',
  (values) => {
    const hundredths = values.map((value) => value / 100);
    const rows = hundredths.map((_, row) => [...hundredths.slice(row), ...hundredths.slice(0, row)]);
    const weights = rows.map(() => 1 / rows.length);
    const { rankings, scores } = solve({ rows, weights, benefit: rows.map(() => true) });
    expect(new Set(rankings)).toEqual(new Set([1]));
    expect(new Set(scores).size).toBe(1);
  },
);

it('ranks as many alternatives as take several steps', () => {
  const rows = Array.from({ length: 120_000 }, (_, row) => [(row * 7_919) % 120_011]);
  const { scores, rankings } = solve({ rows, weights: [1], benefit: [false] });
  const order = rows.map((_, row) => row).sort((a, b) => (rows[a]?.[0] ?? 0) - (rows[b]?.[0] ?? 0));
  expect(order.every((row, place) => rankings[row] === place + 1)).toBe(true);
  expect(scores[order[0] ?? 0]).toBe(1);
});

it('stays finite when the only weights that count are too small to be squared', () => {
  const rows = [
    [1, 5],
    [2, 5],
  ];
  expect([...solve({ rows, weights: [1e-200, 1], benefit: [true, true] }).scores]).toEqual([0, 1]);
});

describeWithShared('the published cases', (shared) => {
  interface Case {
    readonly id: string;
    readonly decision_matrix: number[][];
    readonly weights: number[];
    readonly criteria_types: string[];
    readonly published_scores: number[];
    readonly tolerance: number;
    readonly recomputed_scores: number[];
    readonly rank_of_alternative_competition: number[];
    readonly ideal_solution: number[];
    readonly anti_ideal_solution: number[];
  }
  const { cases } = JSON.parse(readFileSync(join(shared, 'data/topsis-cases.json'), 'utf8')) as { cases: Case[] };

  it.each(cases.map((one) => [one.id, one] as const))('%s holds', (_id, one) => {
    const { scores, rankings, ideal, antiIdeal } = solve({
      rows: one.decision_matrix,
      weights: one.weights,
      benefit: one.criteria_types.map((type) => type === 'benefit'),
    });
    expectClose(scores, one.recomputed_scores, 12);
    for (const [index, score] of one.published_scores.entries())
      expect(Math.abs((scores[index] ?? NaN) - score)).toBeLessThanOrEqual(one.tolerance);
    expect([...rankings]).toEqual(one.rank_of_alternative_competition);
    expectClose(ideal, one.ideal_solution, 12);
    expectClose(antiIdeal, one.anti_ideal_solution, 12);
  });
});
