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
export function topsis(matrix: DecisionMatrix, weights: ArrayLike<number>, benefit: readonly boolean[]): TopsisResult {
  const { values, rows, columns } = matrix;
  const largest = largestMagnitudes(matrix);
  const factors = columnFactors(matrix, largest, weights);
  const { lowest, highest } = scaledExtremes(matrix, largest);
  const ideal = new Float64Array(columns);
  const antiIdeal = new Float64Array(columns);
  for (let column = 0; column < columns; column += 1) {
    const low = at(lowest, column) * at(factors, column);
    const high = at(highest, column) * at(factors, column);
    ideal[column] = benefit[column] === true ? high : low;
    antiIdeal[column] = benefit[column] === true ? low : high;
  }
  const scores = closeness(values, rows, columns, largest, lowest, highest, factors, benefit);
  return { scores, rankings: competitionRanks(scores), ideal, antiIdeal };
}

/** Each column is divided by its largest magnitude before it is squared: squares leave the range of doubles at 1e154. */
function largestMagnitudes({ values, rows, columns }: DecisionMatrix): Float64Array {
  const largest = new Float64Array(columns);
  for (let row = 0, cell = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1, cell += 1) {
      const value = at(values, cell);
      const magnitude = value < 0 ? -value : value;
      if (magnitude > at(largest, column)) largest[column] = magnitude;
    }
  return largest;
}

/** Weight over norm, for cells that were divided by their column's largest magnitude; 0 for a column of zeros. */
function columnFactors(
  { values, rows, columns }: DecisionMatrix,
  largest: Float64Array,
  weights: ArrayLike<number>,
): Float64Array {
  const squares = new Float64Array(columns);
  for (let row = 0, cell = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1, cell += 1) {
      const scaled = scale(at(values, cell), at(largest, column));
      squares[column] = at(squares, column) + scaled * scaled;
    }
  return squares.map((sum, column) => (sum === 0 ? 0 : (weights[column] ?? 0) / Math.sqrt(sum)));
}

function scaledExtremes(
  { values, rows, columns }: DecisionMatrix,
  largest: Float64Array,
): { lowest: Float64Array; highest: Float64Array } {
  const lowest = new Float64Array(columns).fill(Infinity);
  const highest = new Float64Array(columns).fill(-Infinity);
  for (let row = 0, cell = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1, cell += 1) {
      const scaled = scale(at(values, cell), at(largest, column));
      if (scaled < at(lowest, column)) lowest[column] = scaled;
      if (scaled > at(highest, column)) highest[column] = scaled;
    }
  return { lowest, highest };
}

/**
 * Distances are taken in units of the widest weighted range: the ratio is the same, and tiny weights beside constant columns
 * do not underflow to 0/0.
 */
function closeness(
  values: Float64Array,
  rows: number,
  columns: number,
  largest: Float64Array,
  lowest: Float64Array,
  highest: Float64Array,
  factors: Float64Array,
  benefit: readonly boolean[],
): Float64Array {
  let widest = 0;
  for (let column = 0; column < columns; column += 1)
    widest = Math.max(widest, (at(highest, column) - at(lowest, column)) * at(factors, column));
  const scores = new Float64Array(rows);
  if (widest === 0) return scores.fill(ALL_ALIKE);
  const units = factors.map((factor) => factor / widest);
  const best = lowest.map((low, column) => (benefit[column] === true ? at(highest, column) : low));
  const worst = lowest.map((low, column) => (benefit[column] === true ? low : at(highest, column)));
  for (let row = 0, cell = 0; row < rows; row += 1) {
    let toBest = 0;
    let toWorst = 0;
    for (let column = 0; column < columns; column += 1, cell += 1) {
      const scaled = scale(at(values, cell), at(largest, column));
      const unit = at(units, column);
      const fromBest = (scaled - at(best, column)) * unit;
      const fromWorst = (scaled - at(worst, column)) * unit;
      toBest += fromBest * fromBest;
      toWorst += fromWorst * fromWorst;
    }
    const far = squareRoot(toWorst);
    const sum = squareRoot(toBest) + far;
    scores[row] = sum === 0 ? ALL_ALIKE : far / sum;
  }
  return scores;
}

/** Competition ranks (1, 1, 3), by binary search in the sorted scores: no comparator runs, so 100,000 rows stay fast. */
export function competitionRanks(scores: Float64Array): Uint32Array {
  const ascending = scores.slice().sort();
  const ranks = new Uint32Array(scores.length);
  for (let row = 0; row < scores.length; row += 1)
    ranks[row] = 1 + ascending.length - endOf(ascending, at(scores, row));
  return ranks;
}

/** Where the values greater than this one begin. */
function endOf(ascending: Float64Array, value: number): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (at(ascending, middle) <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}

const scale = (value: number, largest: number): number => (largest === 0 ? 0 : value / largest);

/** A constant of the module: a global is looked up again in every turn of a loop. */
const squareRoot = Math.sqrt;

/** Typed arrays have no holes; the compiler cannot know that the index is inside. */
const at = (array: Float64Array, index: number): number => array[index] as number;
