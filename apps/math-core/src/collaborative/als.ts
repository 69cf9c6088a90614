import { createFactors, type Random } from './random';
import { solveSpd } from './cholesky';

export interface Ratings {
  readonly users: number;
  readonly items: number;
  /** Entry e: users[e] rated items[e] with values[e]; a pair occurs once. */
  readonly userOf: Uint32Array;
  readonly itemOf: Uint32Array;
  readonly values: Float64Array;
}

export interface AlsOptions {
  readonly k: number;
  /** Above 0: without it a user with fewer ratings than factors has no unique solution. */
  readonly lambda: number;
  /** Relative fall of the loss over one sweep below which it has converged. */
  readonly tolerance: number;
  readonly maxSweeps: number;
  /** null: explicit ratings; else the confidence of a seen pair is 1 + alpha x value. */
  readonly alpha: number | null;
}

export interface AlsResult {
  /** users x k and items x k, row after row. */
  readonly userFactors: Float64Array;
  readonly itemFactors: Float64Array;
  readonly lossInitial: number;
  readonly lossPerHalfSweep: readonly number[];
  readonly sweeps: number;
  readonly converged: boolean;
}

/** Ratings of one side, grouped: row r has the entries from starts[r] to starts[r + 1]. */
interface Grouped {
  readonly starts: Uint32Array;
  readonly others: Uint32Array;
  readonly values: Float64Array;
}

/**
 * Alternating least squares, users first. Explicit: sum over observed pairs of (r - x.y)^2; implicit (Hu, Koren and
 * Volinsky): sum over all pairs of c (p - x.y)^2 with c = 1 + alpha r, p = 1 where r > 0. Both plus lambda times the
 * squared norms, not scaled by counts. Each half-sweep is the exact minimum of its block, so that the loss never rises.
 * A generator: it stops after every few rows, so that its caller can let others run.
 */
export function* als(
  ratings: Ratings,
  options: AlsOptions,
  random: Random,
  start: { readonly users?: Float64Array | undefined; readonly items?: Float64Array | undefined } = {},
): Generator<void, AlsResult> {
  const { k, maxSweeps, tolerance } = options;
  const userFactors = start.users ?? createFactors(ratings.users, k, random);
  const itemFactors = start.items ?? createFactors(ratings.items, k, random);
  const byUser = group(ratings.users, ratings.userOf, ratings.itemOf, ratings.values);
  const byItem = group(ratings.items, ratings.itemOf, ratings.userOf, ratings.values);
  const loss = () => lossOf(byUser, userFactors, itemFactors, options);
  const lossInitial = loss();
  const lossPerHalfSweep: number[] = [];
  let before = lossInitial;
  for (let sweep = 1; sweep <= maxSweeps; sweep += 1) {
    yield* solveSide(byUser, userFactors, itemFactors, options);
    lossPerHalfSweep.push(loss());
    yield;
    yield* solveSide(byItem, itemFactors, userFactors, options);
    const after = loss();
    lossPerHalfSweep.push(after);
    yield;
    if (before - after <= tolerance * Math.max(before, Number.MIN_VALUE))
      return { userFactors, itemFactors, lossInitial, lossPerHalfSweep, sweeps: sweep, converged: true };
    before = after;
  }
  return { userFactors, itemFactors, lossInitial, lossPerHalfSweep, sweeps: maxSweeps, converged: false };
}

function group(rows: number, rowOf: Uint32Array, otherOf: Uint32Array, values: Float64Array): Grouped {
  const starts = new Uint32Array(rows + 1);
  for (const row of rowOf) starts[row + 1] = num(starts, row + 1) + 1;
  for (let row = 0; row < rows; row += 1) starts[row + 1] = num(starts, row + 1) + num(starts, row);
  const next = starts.slice();
  const others = new Uint32Array(otherOf.length);
  const grouped = new Float64Array(values.length);
  for (let entry = 0; entry < rowOf.length; entry += 1) {
    const row = num(rowOf, entry);
    const place = num(next, row);
    next[row] = place + 1;
    others[place] = num(otherOf, entry);
    grouped[place] = num(values, entry);
  }
  return { starts, others, values: grouped };
}

/** A few rows take some milliseconds at k = 200: short enough between two pauses. */
const ROWS_BETWEEN_PAUSES = 16;

function* solveSide(
  { starts, others, values }: Grouped,
  factors: Float64Array,
  fixed: Float64Array,
  { k, lambda, alpha }: AlsOptions,
): Generator<void, void> {
  const base = new Float64Array(k * k);
  if (alpha !== null) addGram(base, fixed, k);
  for (let diagonal = 0; diagonal < k; diagonal += 1) base[diagonal * (k + 1)] = num(base, diagonal * (k + 1)) + lambda;
  const matrix = new Float64Array(k * k);
  const right = new Float64Array(k);
  for (let row = 0; row + 1 < starts.length; row += 1) {
    matrix.set(base);
    right.fill(0);
    for (let entry = num(starts, row); entry < num(starts, row + 1); entry += 1) {
      const value = num(values, entry);
      const confidence = alpha === null ? 1 : alpha * value;
      const target = alpha === null ? value : value > 0 ? 1 + alpha * value : 0;
      addEntry(matrix, right, fixed, num(others, entry) * k, k, confidence, target);
    }
    solveSpd(matrix, right, k);
    factors.set(right, row * k);
    if (row % ROWS_BETWEEN_PAUSES === 0) yield;
  }
}

/** Lower triangle of weight y y^T onto the matrix, target y onto the right side. */
function addEntry(
  matrix: Float64Array,
  right: Float64Array,
  fixed: Float64Array,
  offset: number,
  k: number,
  weight: number,
  target: number,
): void {
  for (let row = 0; row < k; row += 1) {
    const y = num(fixed, offset + row);
    right[row] = num(right, row) + target * y;
    const scaled = weight * y;
    for (let column = 0, cell = row * k; column <= row; column += 1, cell += 1)
      matrix[cell] = num(matrix, cell) + scaled * num(fixed, offset + column);
  }
}

/** Lower triangle of Y^T Y. */
function addGram(matrix: Float64Array, factors: Float64Array, k: number): void {
  const nothing = new Float64Array(k);
  for (let offset = 0; offset < factors.length; offset += k) addEntry(matrix, nothing, factors, offset, k, 1, 0);
}

function lossOf(
  { starts, others, values }: Grouped,
  userFactors: Float64Array,
  itemFactors: Float64Array,
  { k, lambda, alpha }: AlsOptions,
): number {
  let loss = lambda * (squares(userFactors) + squares(itemFactors));
  if (alpha !== null) loss += squaresOfAllPredictions(userFactors, itemFactors, k);
  for (let user = 0; user + 1 < starts.length; user += 1)
    for (let entry = num(starts, user); entry < num(starts, user + 1); entry += 1) {
      const predicted = dot(userFactors, user * k, itemFactors, num(others, entry) * k, k);
      const value = num(values, entry);
      if (alpha === null) loss += (value - predicted) ** 2;
      else loss += (1 + alpha * value) * ((value > 0 ? 1 : 0) - predicted) ** 2 - predicted ** 2;
    }
  return loss;
}

/** Sum over all pairs of (x.y)^2 = sum of the products of both Gram matrices: no pair is visited. */
function squaresOfAllPredictions(userFactors: Float64Array, itemFactors: Float64Array, k: number): number {
  const users = new Float64Array(k * k);
  const items = new Float64Array(k * k);
  addGram(users, userFactors, k);
  addGram(items, itemFactors, k);
  let sum = 0;
  for (let row = 0; row < k; row += 1)
    for (let column = 0; column <= row; column += 1)
      sum += (column === row ? 1 : 2) * num(users, row * k + column) * num(items, row * k + column);
  return sum;
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

export function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, k: number): number {
  let sum = 0;
  for (let index = 0; index < k; index += 1) sum += num(a, fromA + index) * num(b, fromB + index);
  return sum;
}

/** Typed arrays have no holes; the compiler cannot know that the index is inside. */
const num = (array: Float64Array | Uint32Array, index: number): number => array[index] as number;
