/** One side of a half-sweep: its rows are solved while the other side's factors stay as they are. */
export interface AlsSide {
  /** Row r has the entries from starts[r] to starts[r + 1]: others[e] is the row of the other side, values[e] the rating. */
  readonly starts: Uint32Array;
  readonly others: Uint32Array;
  readonly values: Float64Array;
  /** rows x k, written. */
  readonly factors: Float64Array;
  /** The other side's factors, rows x k. */
  readonly fixed: Float64Array;
  /** What every row's matrix starts from: order x order, upper triangle, lambda on the diagonal (and Y^T Y when implicit). */
  readonly base: Float64Array;
  /** Written: what each row adds to the loss, its own squared norm included. */
  readonly losses: Float64Array;
  readonly k: number;
  readonly lambda: number;
  /** null: explicit ratings; else the confidence of a seen pair is 1 + alpha x value. */
  readonly alpha: number | null;
}

export interface AlsKernel {
  /** Rows and columns of the matrices: k and the right side, filled up to whole blocks. */
  orderFor(k: number): number;
  /** Solves the rows from `from` to before `to`, each the exact minimum over its own vector. */
  solveRows(side: AlsSide, from: number, to: number): void;
  /** The losses of those rows as they are. */
  measureRows(side: AlsSide, from: number, to: number): void;
  /** Adds the upper triangle of F^T F over these rows to an order x order matrix. */
  addGram(factors: Float64Array, k: number, from: number, to: number, matrix: Float64Array): void;
}

/**
 * The arithmetic of alternating least squares. Its source text is what the worker threads run (als-threads.ts): nothing from
 * outside this function may be used in it, or they fail with a ReferenceError.
 *
 * A row's normal equations and its right side are one matrix, [A b], built and factorised (A = U^T U) in blocks of 3 x 3 whose
 * nine sums stay in registers; larger blocks spill, and single sums wait for memory.
 */
export function alsKernel(): AlsKernel {
  const BLOCK = 3;
  /** Entries gathered at once: at k = 50 they stay in the first-level cache. */
  const TILE = 64;
  /** Of its diagonal: a pivot below it is rounding. */
  const SINGULAR = 2 ** -40;
  const squareRoot = Math.sqrt;
  // One reader for each kind of array: a reader of both would be compiled for both, and run at half the speed.
  const at = (array: Float64Array, index: number): number => array[index] as number;
  const indexAt = (array: Uint32Array, index: number): number => array[index] as number;

  const orderFor = (k: number): number => Math.ceil((k + 1) / BLOCK) * BLOCK;

  /** matrix[i.., j..] += sign x sum over the first `rows` rows of panel[row, i..] x panel[row, j..]. */
  function addBlock(
    panel: Float64Array,
    rows: number,
    order: number,
    i: number,
    j: number,
    matrix: Float64Array,
    sign: number,
  ): void {
    let s00 = 0;
    let s01 = 0;
    let s02 = 0;
    let s10 = 0;
    let s11 = 0;
    let s12 = 0;
    let s20 = 0;
    let s21 = 0;
    let s22 = 0;
    for (let a = i, b = j, end = i + rows * order; a < end; a += order, b += order) {
      const y0 = at(panel, b);
      const y1 = at(panel, b + 1);
      const y2 = at(panel, b + 2);
      let x = at(panel, a);
      s00 += x * y0;
      s01 += x * y1;
      s02 += x * y2;
      x = at(panel, a + 1);
      s10 += x * y0;
      s11 += x * y1;
      s12 += x * y2;
      x = at(panel, a + 2);
      s20 += x * y0;
      s21 += x * y1;
      s22 += x * y2;
    }
    let cell = i * order + j;
    matrix[cell] = at(matrix, cell) + sign * s00;
    matrix[cell + 1] = at(matrix, cell + 1) + sign * s01;
    matrix[cell + 2] = at(matrix, cell + 2) + sign * s02;
    cell += order;
    matrix[cell] = at(matrix, cell) + sign * s10;
    matrix[cell + 1] = at(matrix, cell + 1) + sign * s11;
    matrix[cell + 2] = at(matrix, cell + 2) + sign * s12;
    cell += order;
    matrix[cell] = at(matrix, cell) + sign * s20;
    matrix[cell + 1] = at(matrix, cell + 1) + sign * s21;
    matrix[cell + 2] = at(matrix, cell + 2) + sign * s22;
  }

  function addTriangle(panel: Float64Array, rows: number, order: number, matrix: Float64Array): void {
    for (let i = 0; i < order; i += BLOCK)
      for (let j = i; j < order; j += BLOCK) addBlock(panel, rows, order, i, j, matrix, 1);
  }

  /** One row of the panel: a scaled vector with its target behind it. */
  function gather(
    panel: Float64Array,
    to: number,
    fixed: Float64Array,
    from: number,
    k: number,
    scale: number,
    target: number,
  ): void {
    for (let column = 0; column < k; column += 1) panel[to + column] = at(fixed, from + column) * scale;
    panel[to + k] = target;
  }

  /**
   * A seen pair of confidence c adds c y y^T to the matrix and c p y to the right side. The root of the confidence goes into
   * the vector, so that explicit and implicit ratings are summed alike.
   */
  function addEntries(side: AlsSide, row: number, order: number, panel: Float64Array, matrix: Float64Array): void {
    const { starts, others, values, fixed, k, alpha } = side;
    const end = indexAt(starts, row + 1);
    let filled = 0;
    for (let entry = indexAt(starts, row); entry < end; entry += 1) {
      const value = at(values, entry);
      const extra = alpha === null ? 1 : alpha * value;
      if (extra > 0) {
        const scale = squareRoot(extra);
        const target = alpha === null ? value : (1 + extra) / scale;
        gather(panel, filled * order, fixed, indexAt(others, entry) * k, k, scale, target);
        filled += 1;
      }
      if (filled === TILE || (entry + 1 === end && filled > 0)) {
        addTriangle(panel, filled, order, matrix);
        filled = 0;
      }
    }
  }

  /**
   * A = U^T U in place; the column behind A becomes U^-T b. A pivot of which only rounding is left takes its factor out (x = 0):
   * divided by it, the rounding would grow with every sweep.
   */
  function factorise(matrix: Float64Array, k: number, order: number, floors: Float64Array): void {
    for (let row = 0; row < k; row += 1) floors[row] = at(matrix, row * (order + 1)) * SINGULAR;
    for (let i = 0; i < k; i += BLOCK) {
      for (let j = i; j < order; j += BLOCK) addBlock(matrix, i, order, i, j, matrix, -1);
      for (let row = i; row < i + BLOCK && row < k; row += 1) {
        for (let above = i; above < row; above += 1) {
          const factor = at(matrix, above * order + row);
          for (let column = row; column <= k; column += 1)
            matrix[row * order + column] =
              at(matrix, row * order + column) - factor * at(matrix, above * order + column);
        }
        const pivot = at(matrix, row * (order + 1));
        const root = pivot > at(floors, row) ? squareRoot(pivot) : Infinity;
        const inverse = 1 / root;
        matrix[row * (order + 1)] = root;
        for (let column = row + 1; column <= k; column += 1)
          matrix[row * order + column] = at(matrix, row * order + column) * inverse;
      }
    }
  }

  /** U x = U^-T b, into the factors. */
  function substitute(matrix: Float64Array, k: number, order: number, factors: Float64Array, offset: number): void {
    for (let row = k - 1; row >= 0; row -= 1) {
      const start = row * order;
      let sum = at(matrix, start + k);
      for (let column = row + 1; column < k; column += 1)
        sum -= at(matrix, start + column) * at(factors, offset + column);
      factors[offset + row] = sum / at(matrix, start + row);
    }
  }

  /** Four sums side by side: a single one would wait for each addition. */
  function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, k: number): number {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let index = 0;
    for (; index + 3 < k; index += 4) {
      s0 += at(a, fromA + index) * at(b, fromB + index);
      s1 += at(a, fromA + index + 1) * at(b, fromB + index + 1);
      s2 += at(a, fromA + index + 2) * at(b, fromB + index + 2);
      s3 += at(a, fromA + index + 3) * at(b, fromB + index + 3);
    }
    for (; index < k; index += 1) s0 += at(a, fromA + index) * at(b, fromB + index);
    return s0 + s1 + (s2 + s3);
  }

  /** Implicit: the squares of all predictions are counted elsewhere, so that those of seen pairs are taken off again here. */
  function lossOfRow({ starts, others, values, factors, fixed, k, lambda, alpha }: AlsSide, row: number): number {
    let loss = lambda * dot(factors, row * k, factors, row * k, k);
    for (let entry = indexAt(starts, row), end = indexAt(starts, row + 1); entry < end; entry += 1) {
      const predicted = dot(factors, row * k, fixed, indexAt(others, entry) * k, k);
      const value = at(values, entry);
      if (alpha === null) loss += (value - predicted) * (value - predicted);
      else {
        const error = (value > 0 ? 1 : 0) - predicted;
        loss += (1 + alpha * value) * error * error - predicted * predicted;
      }
    }
    return loss;
  }

  function solveRows(side: AlsSide, from: number, to: number): void {
    const { k, base, factors, losses } = side;
    const order = orderFor(k);
    const panel = new Float64Array(TILE * order);
    const matrix = new Float64Array(order * order);
    const floors = new Float64Array(k);
    for (let row = from; row < to; row += 1) {
      matrix.set(base);
      addEntries(side, row, order, panel, matrix);
      factorise(matrix, k, order, floors);
      substitute(matrix, k, order, factors, row * k);
      losses[row] = lossOfRow(side, row);
    }
  }

  function measureRows(side: AlsSide, from: number, to: number): void {
    for (let row = from; row < to; row += 1) side.losses[row] = lossOfRow(side, row);
  }

  function addGram(factors: Float64Array, k: number, from: number, to: number, matrix: Float64Array): void {
    const order = orderFor(k);
    const panel = new Float64Array(TILE * order);
    for (let row = from; row < to; row += TILE) {
      const rows = Math.min(TILE, to - row);
      for (let filled = 0; filled < rows; filled += 1)
        gather(panel, filled * order, factors, (row + filled) * k, k, 1, 0);
      addTriangle(panel, rows, order, matrix);
    }
  }

  return { orderFor, solveRows, measureRows, addGram };
}
