import fc from 'fast-check';
import { als, dot, type AlsOptions, type AlsResult } from './als';
import { AlsThreads } from './als-threads';
import type { Ratings } from './grouped-ratings';
import { createFactors, seededRandom } from './random';
import { INLINE, type RowSolver } from './row-solver';

const OPTIONS: AlsOptions = { k: 3, lambda: 0.1, tolerance: 1e-9, maxSweeps: 30, alpha: null };

const NEVER = new AbortController().signal;

function run(
  ratings: Ratings,
  options: Partial<AlsOptions> = {},
  seed = 1,
  solver: RowSolver = INLINE,
  signal = NEVER,
): Promise<AlsResult> {
  const all = { ...OPTIONS, ...options };
  const random = seededRandom(seed);
  const start = {
    users: createFactors(ratings.users, all.k, random),
    items: createFactors(ratings.items, all.k, random),
  };
  return als(ratings, all, start, solver, signal);
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

const predictions = (ratings: Ratings, { factors }: AlsResult, k: number): number[] =>
  [...ratings.userOf].map((user, entry) =>
    dot(factors.users, user * k, factors.items, (ratings.itemOf[entry] ?? 0) * k, k),
  );

const sparse: fc.Arbitrary<Ratings> = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 5 }), fc.integer({ min: 0, max: 10 })), {
    minLength: 1,
    maxLength: 30,
    selector: ([user, item]) => user * 10 + item,
  })
  .map(ratingsOf);

/** Each of many users rates some items. */
const crowd = (users: number, items: number, each: number): Ratings =>
  ratingsOf(
    Array.from({ length: users * each }, (_, index) => {
      const user = Math.floor(index / each);
      return [user, (user * 7 + (index % each)) % items, 1 + (index % 5)] as const;
    }),
  );

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
  ])('ends at its closed-form minimum with k = %d and lambda = %d', async (k, lambda) => {
    const expected = sigmas.reduce(
      (loss, sigma, index) => loss + (index < k && sigma > lambda ? 2 * lambda * sigma - lambda ** 2 : sigma ** 2),
      0,
    );
    const { lossPerHalfSweep } = await run(full(withSingularValues(sigmas)), {
      k,
      lambda,
      tolerance: 0,
      maxSweeps: 2_000,
    });
    expect(lossPerHalfSweep.at(-1)).toBeCloseTo(expected, 8);
  });

  it('is reproduced when nothing is taken off it', async () => {
    const matrix = full(withSingularValues(sigmas));
    const result = await run(matrix, { k: 5, lambda: 1e-6, maxSweeps: 500, tolerance: 0 });
    for (const [entry, value] of predictions(matrix, result, 5).entries())
      expect(value).toBeCloseTo(matrix.values[entry] ?? NaN, 4);
  });
});

it('never lets the loss rise, explicit and implicit', async () => {
  await fc.assert(
    fc.asyncProperty(sparse, fc.constantFrom(null, 0.5, 40), fc.constantFrom(1, 3, 12), async (ratings, alpha, k) => {
      const { lossInitial, lossPerHalfSweep } = await run(ratings, { alpha, k });
      for (const [index, loss] of lossPerHalfSweep.entries()) {
        const before = index === 0 ? lossInitial : (lossPerHalfSweep[index - 1] ?? NaN);
        expect(loss).toBeLessThanOrEqual(before * (1 + 1e-10));
        expect(loss).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

it('reports the implicit loss that the sum over all pairs gives', async () => {
  await fc.assert(
    fc.asyncProperty(sparse, async (ratings) => {
      const k = 2;
      const [alpha, lambda] = [3, 0.1];
      const result = await run(ratings, { alpha, k, lambda, maxSweeps: 2 });
      const seen = new Map(
        [...ratings.values].map((value, entry) => [`${ratings.userOf[entry]}|${ratings.itemOf[entry]}`, value]),
      );
      const { users: userFactors, items: itemFactors } = result.factors;
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

it('gives the same bytes for the same seed, and finite ones for fewer ratings than factors', async () => {
  await fc.assert(
    fc.asyncProperty(sparse, fc.nat(), async (ratings, seed) => {
      const result = await run(ratings, { k: 20, maxSweeps: 3 }, seed);
      expect(await run(ratings, { k: 20, maxSweeps: 3 }, seed)).toEqual(result);
      expect(result.factors.users.every(Number.isFinite)).toBe(true);
    }),
  );
});

it('predicts the same whatever the items are called', async () => {
  const matrix = withSingularValues([6, 4, 2]);
  const turned = matrix.map((row) => [...row].reverse());
  const options = { k: 3, lambda: 0.2, tolerance: 0, maxSweeps: 500 };
  const straight = predictions(full(matrix), await run(full(matrix), options), 3);
  const reversed = predictions(full(turned), await run(full(turned), options), 3);
  for (const [entry, value] of straight.entries())
    expect(reversed[Math.floor(entry / 3) * 3 + 2 - (entry % 3)]).toBeCloseTo(value, 6);
});

it('says whether it converged or was ended', async () => {
  const matrix = full(withSingularValues([6, 4, 2]));
  expect(await run(matrix, { maxSweeps: 1, tolerance: 0 })).toMatchObject({ sweeps: 1, converged: false });
  const result = await run(matrix, { maxSweeps: 1_000, tolerance: 1e-6 });
  expect(result.converged).toBe(true);
  expect(result.lossPerHalfSweep).toHaveLength(2 * result.sweeps);
});

describe('threads', () => {
  const threads = new AlsThreads(2);
  afterAll(() => threads.onApplicationShutdown());

  it('give the same bytes as the event loop, explicit and implicit', async () => {
    await fc.assert(
      fc.asyncProperty(sparse, fc.constantFrom(null, 3), async (ratings, alpha) => {
        const options = { k: 7, maxSweeps: 2, alpha };
        expect(await run(ratings, options, 1, threads)).toEqual(await run(ratings, options));
      }),
      { numRuns: 20 },
    );
  });

  it('give the same bytes when a side is cut into many pieces', async () => {
    const options = { k: 60, maxSweeps: 1, tolerance: 0, alpha: 2 };
    const many = crowd(3_000, 200, 20);
    expect(await run(many, options, 1, threads)).toEqual(await run(many, options));
  });

  it('leave off when nobody wants the result any more', async () => {
    const gone = new AbortController();
    const running = run(crowd(3_000, 200, 20), { k: 100, maxSweeps: 1_000, tolerance: 0 }, 1, threads, gone.signal);
    setTimeout(() => gone.abort(new Error('gone')), 50);
    await expect(running).rejects.toThrow('gone');
    expect(await run(crowd(5, 5, 2), {}, 1, threads)).toEqual(await run(crowd(5, 5, 2)));
  });

  it('that are stopped fail what they were asked to do', async () => {
    const stopped = new AlsThreads(1);
    const running = run(crowd(3_000, 200, 20), { k: 100, maxSweeps: 1_000, tolerance: 0 }, 1, stopped);
    setTimeout(() => void stopped.onApplicationShutdown(), 50);
    await expect(running).rejects.toThrow('stopped');
    await expect(run(crowd(5, 5, 2), {}, 1, stopped)).rejects.toThrow('stopped');
  });
});

it('stays finite where rounding takes the smallest pivots to nothing', async () => {
  const rows = crowd(20, 10, 5);
  const large = { ...rows, values: rows.values.map((value) => value * 1e6) };
  const { factors, lossPerHalfSweep } = await run(large, { k: 30, lambda: 1e-9, maxSweeps: 5 });
  expect(factors.items.every(Number.isFinite)).toBe(true);
  expect(lossPerHalfSweep.every(Number.isFinite)).toBe(true);
});
