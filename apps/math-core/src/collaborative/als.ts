import type { AlsSide } from './als-kernel';
import { groupByItem, groupByUser, sharedFloats, type Grouped, type Ratings } from './grouped-ratings';
import { KERNEL, type AlsPiece, type RowSolver } from './row-solver';

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

/** users x k and items x k, row after row, in shared memory. */
export interface AlsFactors {
  readonly users: Float64Array;
  readonly items: Float64Array;
}

export interface AlsResult {
  readonly factors: AlsFactors;
  readonly lossInitial: number;
  readonly lossPerHalfSweep: readonly number[];
  readonly sweeps: number;
  readonly converged: boolean;
}

/** Multiplications that a piece may hold: about 10 ms, after which a cancelled factorisation is over. */
const PIECE_WORK = 24_000_000;
/** Fixed, not by thread: the order in which the parts are summed must not depend on how many threads there are. */
const GRAM_ROWS = 2_048;

/**
 * Alternating least squares, users first. Explicit: sum over observed pairs of (r - x.y)^2; implicit (Hu, Koren and
 * Volinsky): sum over all pairs of c (p - x.y)^2 with c = 1 + alpha r, p = 1 where r > 0. Both plus lambda times the
 * squared norms, not scaled by counts. Each half-sweep is the exact minimum of its block, so that the loss never rises.
 * @param start is written over and becomes the result
 * @throws the signal's reason once it aborts
 */
export async function als(
  ratings: Ratings,
  options: AlsOptions,
  start: AlsFactors,
  solver: RowSolver,
  signal: AbortSignal,
): Promise<AlsResult> {
  const work = new Factorisation(ratings, options, start, solver, signal);
  const lossInitial = await work.begin();
  const lossPerHalfSweep: number[] = [];
  const result = (sweeps: number, converged: boolean): AlsResult => ({
    factors: start,
    lossInitial,
    lossPerHalfSweep,
    sweeps,
    converged,
  });
  let before = lossInitial;
  for (let sweep = 1; sweep <= options.maxSweeps; sweep += 1) {
    lossPerHalfSweep.push(await work.solveUsers());
    const after = await work.solveItems();
    lossPerHalfSweep.push(after);
    if (before - after <= options.tolerance * Math.max(before, Number.MIN_VALUE)) return result(sweep, true);
    before = after;
  }
  return result(options.maxSweeps, false);
}

/** Multiplications of one sweep, about. */
export function workOfSweep(ratings: Pick<Ratings, 'users' | 'items' | 'values'>, k: number): number {
  return ratings.values.length * k * k + ((ratings.users + ratings.items) * k * k * k) / 6;
}

/** One side with what is kept between half-sweeps. */
interface Half {
  readonly grouped: Grouped;
  readonly factors: Float64Array;
  readonly losses: Float64Array;
  readonly cuts: readonly number[];
  /** F^T F of its factors as they are; null when explicit, where nobody asks for it. */
  gram: Float64Array | null;
}

class Factorisation {
  private readonly users: Half;
  private readonly items: Half;

  constructor(
    ratings: Ratings,
    private readonly options: AlsOptions,
    start: AlsFactors,
    private readonly solver: RowSolver,
    private readonly signal: AbortSignal,
  ) {
    this.users = halfOf(groupByUser(ratings), start.users, options.k);
    this.items = halfOf(groupByItem(ratings), start.items, options.k);
  }

  /** @returns the loss of the start */
  async begin(): Promise<number> {
    if (this.options.alpha !== null) {
      this.users.gram = await this.gramOf(this.users);
      this.items.gram = await this.gramOf(this.items);
    }
    return this.passOver('measure', this.users, this.items);
  }

  solveUsers(): Promise<number> {
    return this.passOver('solve', this.users, this.items);
  }

  solveItems(): Promise<number> {
    return this.passOver('solve', this.items, this.users);
  }

  /** @returns the loss afterwards */
  private async passOver(kind: 'solve' | 'measure', half: Half, other: Half): Promise<number> {
    const side = this.sideOf(half, other);
    const pieces = half.cuts.slice(1).map((to, index): AlsPiece => ({ kind, side, from: half.cuts[index] ?? 0, to }));
    await this.solver.run(pieces, this.signal);
    if (half.gram !== null && kind === 'solve') half.gram = await this.gramOf(half);
    return this.lossWith(sumOf(half.losses), other);
  }

  private sideOf(half: Half, other: Half): AlsSide {
    const { k, lambda, alpha } = this.options;
    const order = KERNEL.orderFor(k);
    const base = sharedFloats(order * order);
    if (other.gram !== null) base.set(other.gram);
    for (let diagonal = 0; diagonal < k; diagonal += 1)
      base[diagonal * (order + 1)] = (base[diagonal * (order + 1)] ?? 0) + lambda;
    const { grouped, factors, losses } = half;
    return { ...grouped, factors, fixed: other.factors, base, losses, k, lambda, alpha };
  }

  /** The rows' own part, the other side's norms and, when implicit, the squares of all predictions. */
  private lossWith(rows: number, other: Half): number {
    const norms = rows + this.options.lambda * squares(other.factors);
    const { gram } = this.users;
    return gram === null || this.items.gram === null ? norms : norms + productOf(gram, this.items.gram, this.options.k);
  }

  private async gramOf({ factors }: Half): Promise<Float64Array> {
    const { k } = this.options;
    const order = KERNEL.orderFor(k);
    const rows = factors.length / k;
    const parts: Extract<AlsPiece, { kind: 'gram' }>[] = [];
    for (let from = 0; from < rows; from += GRAM_ROWS) {
      const to = Math.min(rows, from + GRAM_ROWS);
      parts.push({ kind: 'gram', factors, k, from, to, matrix: sharedFloats(order * order) });
    }
    await this.solver.run(parts, this.signal);
    const sum = new Float64Array(order * order);
    for (const { matrix } of parts) for (const [cell, value] of matrix.entries()) sum[cell] = (sum[cell] ?? 0) + value;
    return sum;
  }
}

function halfOf(grouped: Grouped, factors: Float64Array, k: number): Half {
  const rows = grouped.starts.length - 1;
  return { grouped, factors, losses: sharedFloats(rows), cuts: cutsOf(grouped, k), gram: null };
}

/** Where the rows are cut into pieces of about the same work: 0, …, rows. */
function cutsOf({ starts }: Grouped, k: number): number[] {
  const rows = starts.length - 1;
  const cuts = [0];
  let work = 0;
  for (let row = 0; row < rows; row += 1) {
    work += ((starts[row + 1] ?? 0) - (starts[row] ?? 0)) * k * k + (k * k * k) / 6;
    if (work < PIECE_WORK && row + 1 < rows) continue;
    cuts.push(row + 1);
    work = 0;
  }
  return cuts;
}

/** Sum over all pairs of (x.y)^2: the product of both Gram matrices, of which the upper triangle is there. */
function productOf(users: Float64Array, items: Float64Array, k: number): number {
  const order = KERNEL.orderFor(k);
  let sum = 0;
  for (let row = 0; row < k; row += 1)
    for (let column = row; column < k; column += 1) {
      const cell = row * order + column;
      sum += (column === row ? 1 : 2) * (users[cell] ?? 0) * (items[cell] ?? 0);
    }
  return sum;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

export function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, k: number): number {
  let sum = 0;
  for (let index = 0; index < k; index += 1) sum += (a[fromA + index] ?? 0) * (b[fromB + index] ?? 0);
  return sum;
}
