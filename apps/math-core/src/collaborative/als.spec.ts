import fc from 'fast-check';
import { als, dot, type AlsOptions, type AlsResult, type Ratings } from './als';
import { solveSpd } from './cholesky';
import { seededRandom } from './random';

const OPTIONS: AlsOptions = { k: 3, lambda: 0.1, tolerance: 1e-9, maxSweeps: 30, alpha: null };

function run(ratings: Ratings, options: Partial<AlsOptions> = {}, seed = 1): AlsResult {
  const work = als(ratings, { ...OPTIONS, ...options }, seededRandom(seed));
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

const ratingsOf = (rows: readonly (readonly [user: number, item: number, value: number])[]): Ratings => ({
  users: Math.max(...rows.map(([user]) => user)) + 1,
  items: Math.max(...rows.map(([, item]) => item)) + 1,
  userOf: Uint32Array.from(rows, ([user]) => user),
  itemOf: Uint32Array.from(rows, ([, item]) => item),
  values: Float64Array.from(rows, ([, , value]) => value),
});

const full = (matrix: readonly (readonly number[])[]) =>
  ratingsOf(matrix.flatMap((row, user) => row.map((value, item) => [user, item, value] as const)));

const predictions = (ratings: Ratings, { userFactors, itemFactors }: AlsResult, k: number): number[] =>
  [...ratings.userOf].map((user, entry) =>
    dot(userFactors, user * k, itemFactors, (ratings.itemOf[entry] ?? 0) * k, k),
  );

const sparse: fc.Arbitrary<Ratings> = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 5 }), fc.integer({ min: 0, max: 10 })), {
    minLength: 1,
    maxLength: 30,
    selector: ([user, item]) => user * 10 + item,
  })
  .map(ratingsOf);

/** Reflections turn a diagonal matrix into a full one with the same singular values. */
function withSingularValues(sigmas: readonly number[]): number[][] {
  const size = sigmas.length;
  const axis = (phase: number) => {
    const raw = sigmas.map((_, index) => Math.sin(index + phase));
    const length = Math.hypot(...raw);
    return raw.map((x) => x / length);
  };
  const [left, right] = [axis(1), axis(2)];
  const reflection = (v: readonly number[], i: number, j: number) => (i === j ? 1 : 0) - 2 * (v[i] ?? 0) * (v[j] ?? 0);
  const indices = [...Array(size).keys()];
  return indices.map((row) =>
    indices.map((column) =>
      indices.reduce((sum, m) => sum + reflection(left, row, m) * (sigmas[m] ?? 0) * reflection(right, m, column), 0),
    ),
  );
}

describe('a fully observed matrix', () => {
  const sigmas = [9, 5, 3, 1, 0.3];

  it.each([
    [2, 0.5],
    [5, 0.5],
    [4, 2],
  ])('ends at its closed-form minimum with k = %d and lambda = %d', (k, lambda) => {
    const expected = sigmas.reduce(
      (loss, sigma, index) => loss + (index < k && sigma > lambda ? 2 * lambda * sigma - lambda ** 2 : sigma ** 2),
      0,
    );
    const { lossPerHalfSweep } = run(full(withSingularValues(sigmas)), { k, lambda, tolerance: 0, maxSweeps: 2_000 });
    expect(lossPerHalfSweep.at(-1)).toBeCloseTo(expected, 8);
  });

  it('is reproduced when nothing is taken off it', () => {
    const matrix = full(withSingularValues(sigmas));
    const result = run(matrix, { k: 5, lambda: 1e-6, maxSweeps: 500, tolerance: 0 });
    for (const [entry, value] of predictions(matrix, result, 5).entries())
      expect(value).toBeCloseTo(matrix.values[entry] ?? NaN, 4);
  });
});

it('never lets the loss rise, explicit and implicit', () => {
  fc.assert(
    fc.property(sparse, fc.constantFrom(null, 0.5, 40), fc.constantFrom(1, 3, 12), (ratings, alpha, k) => {
      const { lossInitial, lossPerHalfSweep } = run(ratings, { alpha, k });
      for (const [index, loss] of lossPerHalfSweep.entries()) {
        const before = index === 0 ? lossInitial : (lossPerHalfSweep[index - 1] ?? NaN);
        expect(loss).toBeLessThanOrEqual(before * (1 + 1e-10));
        expect(loss).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

it('reports the implicit loss that the sum over all pairs gives', () => {
  fc.assert(
    fc.property(sparse, (ratings) => {
      const k = 2;
      const [alpha, lambda] = [3, 0.1];
      const result = run(ratings, { alpha, k, lambda, maxSweeps: 2 });
      const seen = new Map(
        [...ratings.values].map((value, entry) => [`${ratings.userOf[entry]}|${ratings.itemOf[entry]}`, value]),
      );
      const { userFactors, itemFactors } = result;
      let loss = lambda * [...userFactors, ...itemFactors].reduce((sum, x) => sum + x * x, 0);
      for (let user = 0; user < ratings.users; user += 1)
        for (let item = 0; item < ratings.items; item += 1) {
          const value = seen.get(`${user}|${item}`) ?? 0;
          const error = (value > 0 ? 1 : 0) - dot(userFactors, user * k, itemFactors, item * k, k);
          loss += (1 + alpha * value) * error * error;
        }
      expect(result.lossPerHalfSweep.at(-1)).toBeCloseTo(loss, 8);
    }),
  );
});

it('gives the same bytes for the same seed, and finite ones for fewer ratings than factors', () => {
  fc.assert(
    fc.property(sparse, fc.nat(), (ratings, seed) => {
      const result = run(ratings, { k: 20, maxSweeps: 3 }, seed);
      expect(run(ratings, { k: 20, maxSweeps: 3 }, seed)).toEqual(result);
      expect(result.userFactors.every(Number.isFinite)).toBe(true);
    }),
  );
});

it('predicts the same whatever the items are called', () => {
  const matrix = withSingularValues([6, 4, 2]);
  const turned = matrix.map((row) => [...row].reverse());
  const options = { k: 3, lambda: 0.2, tolerance: 0, maxSweeps: 500 };
  const straight = predictions(full(matrix), run(full(matrix), options), 3);
  const reversed = predictions(full(turned), run(full(turned), options), 3);
  for (const [entry, value] of straight.entries())
    expect(reversed[Math.floor(entry / 3) * 3 + 2 - (entry % 3)]).toBeCloseTo(value, 6);
});

it('says whether it converged or was ended', () => {
  const matrix = full(withSingularValues([6, 4, 2]));
  expect(run(matrix, { maxSweeps: 1, tolerance: 0 })).toMatchObject({ sweeps: 1, converged: false });
  const result = run(matrix, { maxSweeps: 1_000, tolerance: 1e-6 });
  expect(result.converged).toBe(true);
  expect(result.lossPerHalfSweep).toHaveLength(2 * result.sweeps);
});

it('solves symmetric positive definite systems', () => {
  const matrix = Float64Array.of(4, 0, 0, 2, 5, 0, 1, 3, 6);
  const right = Float64Array.of(4 + 4 + 3, 2 + 10 + 9, 1 + 6 + 18);
  solveSpd(matrix, right, 3);
  for (const [index, value] of [1, 2, 3].entries()) expect(right[index]).toBeCloseTo(value, 12);
});
