type Code = readonly (number | Code)[];

const BLOCK = 4;
const BYTES = 8;
const I32 = 0x7f;
const F64 = 0x7c;
const V128 = 0x7b;

/** Parameters, then locals. */
const [A, A_END, STRIDE, B, B_END, CELL, SIGN, P, Q] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const [X, Y0, Y1, FACTOR] = [9, 10, 11, 12];
const sumAt = (row: number, half: number): number => 13 + 2 * row + half;
const PARAMETERS = [I32, I32, I32, I32, I32, I32, F64];
const POINTERS = 2;
const VECTORS = 4 + 2 * BLOCK;
/** Unsigned; then back to the top of the innermost loop. */
const LESS = 0x49;
const REPEAT: Code = [0x0d, 0];

function program(): Code {
  const rows = [0, 1, 2, 3];
  return [
    set(FACTOR, [get(SIGN), simd(0x14)]),
    loop([
      rows.flatMap((row) => [0, 1].map((half) => set(sumAt(row, half), simd(0x0c, ...new Array<number>(16).fill(0))))),
      set(P, get(A)),
      set(Q, get(B)),
      loop([
        set(Y0, load(get(Q), 0)),
        set(Y1, load(get(Q), 2 * BYTES)),
        rows.map((row) => [
          set(X, [get(P), simd(0x0a, 3, ...leb(row * BYTES))]),
          set(sumAt(row, 0), add(get(sumAt(row, 0)), multiply(get(X), get(Y0)))),
          set(sumAt(row, 1), add(get(sumAt(row, 1)), multiply(get(X), get(Y1)))),
        ]),
        step(Q, get(STRIDE)),
        step(P, get(STRIDE)),
        [get(P), get(A_END), LESS, REPEAT],
      ]),
      set(P, get(CELL)),
      rows.map((row) => [
        [0, 1].map((half) => {
          const change = multiply(get(sumAt(row, half)), get(FACTOR));
          return [get(P), add(load(get(P), half * 2 * BYTES), change), simd(0x0b, 3, ...leb(half * 2 * BYTES))];
        }),
        step(P, get(STRIDE)),
      ]),
      step(CELL, constant(BLOCK * BYTES)),
      step(B, constant(BLOCK * BYTES)),
      [get(B), get(B_END), LESS, REPEAT],
    ]),
  ];
}

function moduleOf(body: Code): Uint8Array<ArrayBuffer> {
  const locals = [2, POINTERS, I32, VECTORS, V128];
  const code = [...locals, ...flat(body), 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, ...vector(PARAMETERS), 0]),
    ...section(2, [1, ...name('m'), ...name('m'), 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('addBlocks'), 0x00, 0]),
    ...section(10, [1, ...vector(code)]),
  ]);
}

function get(local: number): Code {
  return [0x20, local];
}
function set(local: number, value: Code): Code {
  return [value, 0x21, local];
}
function constant(value: number): Code {
  return [0x41, ...leb(value)];
}
function step(local: number, by: Code): Code {
  return set(local, [get(local), by, 0x6a]);
}
function simd(operation: number, ...rest: number[]): Code {
  return [0xfd, ...leb(operation), ...rest];
}
function load(address: Code, offset: number): Code {
  return [address, simd(0x00, 3, ...leb(offset))];
}
function add(a: Code, b: Code): Code {
  return [a, b, simd(0xf0)];
}
function multiply(a: Code, b: Code): Code {
  return [a, b, simd(0xf2)];
}
function loop(body: Code): Code {
  return [0x03, 0x40, body, 0x0b];
}

const flat = (code: Code): number[] => code.flatMap((one) => (typeof one === 'number' ? one : flat(one)));
const vector = (bytes: readonly number[]): number[] => [...leb(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...vector(bytes)];
const name = (text: string): number[] => vector([...Buffer.from(text)]);

/** Unsigned; for constants below 64 the signed form is the same. */
function leb(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...leb(value >>> 7)];
}

/**
 * The inner loop of the factorisation in WebAssembly, for its vectors of two doubles: JavaScript has none, and takes twice as
 * long. Written by hand because it is one function; no multiplication is fused with its addition, so that every machine gives
 * the same bytes.
 *
 *   addBlocks(a, aEnd, stride, b, bEnd, cell, sign)
 *
 * A panel holds rows of doubles, `stride` bytes apart. For every four columns from b to before bEnd it adds
 * sign x sum over the rows of (four values at a) x (four values at b) to a block of 4 x 4 of a matrix with the same stride,
 * whose first cell is `cell` and moves on by four columns with b. a, b and cell are addresses in bytes; aEnd is a after the
 * last row. At least one row and one block.
 */
export const ADD_BLOCKS = moduleOf(program());
