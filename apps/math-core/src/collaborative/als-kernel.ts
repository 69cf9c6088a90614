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

/** What the kernel takes of WebAssembly, which the type libraries of Node leave out. */
interface Wasm {
  Memory: new (options: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: { readonly addBlocks: AddBlocks } };
}
/** See add-blocks.wasm.ts; addresses in bytes. */
type AddBlocks = (a: number, aEnd: number, stride: number, b: number, bEnd: number, cell: number, sign: number) => void;

/**
 * The arithmetic of alternating least squares. Its source text is what the worker threads run (als-threads.ts): nothing from
 * outside this function may be used in it, or they fail with a ReferenceError.
 *
 * A row's normal equations and its right side are one matrix, [A b], built and factorised (A = U^T U) in blocks of 4 x 4, whose
 * sums stay in vector registers.
 * @param addBlocks the module of add-blocks.wasm.ts
 */
export function alsKernel(addBlocks: Uint8Array): AlsKernel {
  const BLOCK = 4;
  const BYTES = 8;
  const PAGE = 65_536;
  /** Entries gathered at once: at k = 50 they stay in the first-level cache. */
  const TILE = 64;
  /** Of its diagonal: a pivot below it is rounding. */
  const SINGULAR = 2 ** -40;
  const squareRoot = Math.sqrt;
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: Wasm };
  const module = new wasm.Module(addBlocks);
  // One reader for each kind of array: a reader of both would be compiled for both, and run at half the speed.
  const at = (array: Float64Array, index: number): number => array[index] as number;
  const indexAt = (array: Uint32Array, index: number): number => array[index] as number;

  const orderFor = (k: number): number => Math.ceil((k + 1) / BLOCK) * BLOCK;

  /** Memory that both languages see: gathered entries, then the matrix. */
  interface Space {
    readonly order: number;
    readonly panel: Float64Array;
    readonly matrix: Float64Array;
    /** matrix += upper triangle of P^T P over the first rows of the panel. */
    readonly addTriangle: (rows: number) => void;
    /** matrix[i.., i..] -= sum over the rows above i of matrix[row, i..] x matrix[row, i..], for one row of blocks. */
    readonly takeAbove: (i: number) => void;
  }

  let space: Space | null = null;

  function spaceFor(k: number): Space {
    const order = orderFor(k);
    if (space === null || space.order !== order) space = createSpace(order);
    return space;
  }

  function createSpace(order: number): Space {
    const bytes = (TILE * order + order * order) * BYTES;
    const memory = new wasm.Memory({ initial: Math.ceil(bytes / PAGE) });
    const { exports } = new wasm.Instance(module, { m: { m: memory } });
    const stride = order * BYTES;
    const matrixAt = TILE * stride;
    return {
      order,
      panel: new Float64Array(memory.buffer, 0, TILE * order),
      matrix: new Float64Array(memory.buffer, matrixAt, order * order),
      addTriangle: (rows) => {
        for (let i = 0; i < stride; i += BLOCK * BYTES)
          exports.addBlocks(i, i + rows * stride, stride, i, stride, matrixAt + i * order + i, 1);
      },
      takeAbove: (i) => {
        const first = matrixAt + i * BYTES;
        if (i > 0)
          exports.addBlocks(first, first + i * stride, stride, first, matrixAt + stride, first + i * stride, -1);
      },
    };
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
    for (let column = k + 1; column % BLOCK !== 0; column += 1) panel[to + column] = 0;
  }

  /**
   * A seen pair of confidence c adds c y y^T to the matrix and c p y to the right side. The root of the confidence goes into
   * the vector, so that explicit and implicit ratings are summed alike.
   */
  function addEntries(side: AlsSide, row: number, { order, panel, addTriangle }: Space): void {
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
        addTriangle(filled);
        filled = 0;
      }
    }
  }

  /**
   * A = U^T U in place; the column behind A becomes U^-T b. A pivot of which only rounding is left takes its factor out (x = 0):
   * divided by it, the rounding would grow with every sweep.
   */
  function factorise({ matrix, order, takeAbove }: Space, k: number, floors: Float64Array): void {
    for (let row = 0; row < k; row += 1) floors[row] = at(matrix, row * (order + 1)) * SINGULAR;
    for (let i = 0; i < k; i += BLOCK) {
      takeAbove(i);
      const rows = Math.min(BLOCK, k - i);
      for (let row = i; row < i + rows; row += 1) {
        for (let above = i; above < row; above += 1) takeRow(matrix, above * order, row, row * order, i + rows);
        const pivot = at(matrix, row * (order + 1));
        const root = pivot > at(floors, row) ? squareRoot(pivot) : Infinity;
        matrix[row * (order + 1)] = root;
        for (let column = row + 1; column < i + rows; column += 1)
          matrix[row * order + column] = at(matrix, row * order + column) / root;
      }
      solveRight(matrix, i, rows, k, order);
    }
  }

  /** Takes from one row of a block, up to `end`, what the row above it explains. */
  function takeRow(matrix: Float64Array, above: number, row: number, start: number, end: number): void {
    const factor = at(matrix, above + row);
    for (let column = row; column < end; column += 1)
      matrix[start + column] = at(matrix, start + column) - factor * at(matrix, above + column);
  }

  /** The columns right of a block on the diagonal: solved with its triangle, four rows at a time. */
  function solveRight(matrix: Float64Array, i: number, rows: number, k: number, order: number): void {
    const first = i * order;
    if (rows < BLOCK) {
      for (let row = 0; row < rows; row += 1) {
        for (let above = 0; above < row; above += 1) {
          const factor = at(matrix, first + above * order + i + row);
          matrix[first + row * order + k] =
            at(matrix, first + row * order + k) - factor * at(matrix, first + above * order + k);
        }
        matrix[first + row * order + k] =
          at(matrix, first + row * order + k) / at(matrix, first + row * order + i + row);
      }
      return;
    }
    const [r0, r1, r2, r3] = [first, first + order, first + 2 * order, first + 3 * order];
    const [u01, u02, u03] = [at(matrix, r0 + i + 1), at(matrix, r0 + i + 2), at(matrix, r0 + i + 3)];
    const [u12, u13, u23] = [at(matrix, r1 + i + 2), at(matrix, r1 + i + 3), at(matrix, r2 + i + 3)];
    const [d0, d1] = [1 / at(matrix, r0 + i), 1 / at(matrix, r1 + i + 1)];
    const [d2, d3] = [1 / at(matrix, r2 + i + 2), 1 / at(matrix, r3 + i + 3)];
    for (let column = i + BLOCK; column <= k; column += 1) {
      const x0 = at(matrix, r0 + column) * d0;
      const x1 = (at(matrix, r1 + column) - u01 * x0) * d1;
      const x2 = (at(matrix, r2 + column) - u02 * x0 - u12 * x1) * d2;
      matrix[r0 + column] = x0;
      matrix[r1 + column] = x1;
      matrix[r2 + column] = x2;
      matrix[r3 + column] = (at(matrix, r3 + column) - u03 * x0 - u13 * x1 - u23 * x2) * d3;
    }
  }

  /** U x = U^-T b, into the factors. */
  function substitute(matrix: Float64Array, k: number, order: number, factors: Float64Array, offset: number): void {
    for (let row = k - 1; row >= 0; row -= 1) {
      const start = row * order;
      const known = k - 1 - row;
      const sum = at(matrix, start + k) - dot(matrix, start + row + 1, factors, offset + row + 1, known);
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
    const own = spaceFor(k);
    const floors = new Float64Array(k);
    for (let row = from; row < to; row += 1) {
      own.matrix.set(base);
      addEntries(side, row, own);
      factorise(own, k, floors);
      substitute(own.matrix, k, own.order, factors, row * k);
      losses[row] = lossOfRow(side, row);
    }
  }

  function measureRows(side: AlsSide, from: number, to: number): void {
    for (let row = from; row < to; row += 1) side.losses[row] = lossOfRow(side, row);
  }

  function addGram(factors: Float64Array, k: number, from: number, to: number, sum: Float64Array): void {
    const { order, panel, matrix, addTriangle } = spaceFor(k);
    matrix.set(sum);
    for (let row = from; row < to; row += TILE) {
      const rows = Math.min(TILE, to - row);
      for (let filled = 0; filled < rows; filled += 1)
        gather(panel, filled * order, factors, (row + filled) * k, k, 1, 0);
      addTriangle(rows);
    }
    sum.set(matrix);
  }

  return { orderFor, solveRows, measureRows, addGram };
}
