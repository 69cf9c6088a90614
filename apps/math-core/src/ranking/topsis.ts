import { stepsAtOnce, type Steps } from '../request/turns';
import { ranksInSteps } from './competition-ranks';
import { blocksOf, type Block } from './row-blocks';

/** A decision matrix in one flat array, row after row. */
export interface DecisionMatrix {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

export interface TopsisResult {
  /** Closeness to the ideal, 0 to 1. */
  readonly scores: Float64Array;
  /** 1 best; equal scores share the best rank. */
  readonly rankings: Uint32Array;
  /** In weighted normalised space. */
  readonly ideal: Float64Array;
  readonly antiIdeal: Float64Array;
}

/** Half way: what a score of alternatives that do not differ must be, so that turning every criterion round changes nothing. */
const ALL_ALIKE = 0.5;

/**
 * TOPSIS as published (Hwang & Yoon 1981): columns divided by their L2 norm, times the weight; Euclidean distances to the
 * best and the worst values; closeness = D- / (D+ + D-). A column of zeros or of one value counts for nothing.
 * @param benefit per column: true when more is better
 */
export const topsis = (matrix: DecisionMatrix, weights: ArrayLike<number>, benefit: readonly boolean[]): TopsisResult =>
  stepsAtOnce(topsisInSteps(matrix, weights, benefit));

/** Cells that are passed over in about a millisecond. */
const BLOCK_CELLS = 100_000;

/** The same in steps of some milliseconds. */
export function* topsisInSteps(
  matrix: DecisionMatrix,
  weights: ArrayLike<number>,
  benefit: readonly boolean[],
): Steps<TopsisResult> {
  const { rows, columns } = matrix;
  const blocks = blocksOf(rows, BLOCK_CELLS / columns);
  const lowest = new Float64Array(columns).fill(Infinity);
  const highest = new Float64Array(columns).fill(-Infinity);
  for (const block of blocks) {
    noteExtremes(matrix, block, lowest, highest);
    yield;
  }
  const scales = lowest.map((low, column) => scaleFor(Math.max(-low, at(highest, column), 0)));
  const squares = new Float64Array(columns);
  for (const block of blocks) {
    addSquares(matrix, block, scales, squares);
    yield;
  }
  const factors = squares.map((sum, column) => (sum === 0 ? 0 : (weights[column] ?? 0) / Math.sqrt(sum)));
  const low = lowest.map((value, column) => value * at(scales, column));
  const high = highest.map((value, column) => value * at(scales, column));
  const best = low.map((value, column) => (benefit[column] === true ? at(high, column) : value));
  const worst = high.map((value, column) => (benefit[column] === true ? at(low, column) : value));
  const widest = factors.reduce(
    (most, factor, column) => Math.max(most, (at(high, column) - at(low, column)) * factor),
    0,
  );
  const scores = new Float64Array(rows).fill(ALL_ALIKE);
  if (widest > 0) {
    const frame = { scales, best, worst, units: factors.map((factor) => factor / widest) };
    for (const block of blocks) {
      scoreRows(matrix, block, frame, scores);
      yield;
    }
  }
  const ideal = new Float64Array(columns).map((_, column) => at(best, column) * at(factors, column));
  const antiIdeal = new Float64Array(columns).map((_, column) => at(worst, column) * at(factors, column));
  return { scores, rankings: yield* ranksInSteps(scores), ideal, antiIdeal };
}

function noteExtremes(
  { values, columns }: DecisionMatrix,
  { from, to }: Block,
  lowest: Float64Array,
  highest: Float64Array,
): void {
  for (let row = from, cell = from * columns; row < to; row += 1)
    for (let column = 0; column < columns; column += 1, cell += 1) {
      const value = at(values, cell);
      if (value < at(lowest, column)) lowest[column] = value;
      if (value > at(highest, column)) highest[column] = value;
    }
}

/**
 * What a column of this largest magnitude is multiplied by before it is squared: squares leave the range of doubles at 1e154.
 * A power of two, so that no digit is lost; at most 2^1000, beyond which it would itself leave the range.
 */
function scaleFor(largest: number): number {
  if (largest === 0 || (largest > 1e-100 && largest < 1e100)) return 1;
  return 2 ** Math.min(1_000, -Math.floor(Math.log2(largest)));
}

function addSquares(
  { values, columns }: DecisionMatrix,
  { from, to }: Block,
  scales: Float64Array,
  squares: Float64Array,
): void {
  for (let row = from, cell = from * columns; row < to; row += 1)
    for (let column = 0; column < columns; column += 1, cell += 1) {
      const scaled = at(values, cell) * at(scales, column);
      squares[column] = at(squares, column) + scaled * scaled;
    }
}

/** By what a row is measured, for each column. */
interface Frame {
  readonly scales: Float64Array;
  readonly best: Float64Array;
  readonly worst: Float64Array;
  /**
   * Weights over norms in units of the widest weighted range: the ratio is the same, and tiny weights beside constant columns
   * do not underflow to 0/0.
   */
  readonly units: Float64Array;
}

function scoreRows(
  { values, columns }: DecisionMatrix,
  { from, to }: Block,
  { scales, best, worst, units }: Frame,
  scores: Float64Array,
): void {
  for (let row = from, cell = from * columns; row < to; row += 1) {
    let toBest = 0;
    let toWorst = 0;
    for (let column = 0; column < columns; column += 1, cell += 1) {
      const scaled = at(values, cell) * at(scales, column);
      const unit = at(units, column);
      const fromBest = (scaled - at(best, column)) * unit;
      const fromWorst = (scaled - at(worst, column)) * unit;
      toBest += fromBest * fromBest;
      toWorst += fromWorst * fromWorst;
    }
    const far = squareRoot(toWorst);
    const sum = squareRoot(toBest) + far;
    scores[row] = sum === 0 ? ALL_ALIKE : Math.round((far / sum) * SCORE_GRID) / SCORE_GRID;
  }
}

/**
 * Scores are multiples of 3e-14: of alternatives that are as good as each other, with the same differences in other columns,
 * sums differ in the last digits, and a rank must not hang on them.
 */
const SCORE_GRID = 2 ** 45;

/** A constant of the module: a global is looked up again in every turn of a loop. */
const squareRoot = Math.sqrt;

/** Typed arrays have no holes; the compiler cannot know that the index is inside. */
const at = (array: Float64Array, index: number): number => array[index] as number;
