import { nthLowest } from './nth-lowest';

/** For each row a number without NaN; the row with the lower one stands earlier. */
export type RankKey = (rows: Uint32Array) => Float64Array;

/** How rows stand: by the first key, equal ones by the next, and by `compare` where every key is equal. */
export interface RowOrder {
  readonly keys: readonly RankKey[];
  /** A total order: 0 only for the same row. */
  readonly compare: (a: number, b: number) => number;
}

/** Up to here a plain sort is quicker than anything cleverer. */
const FEW = 256;

/**
 * The rows at places `from` up to, and without, `to` of the sorted rows, without sorting the others: the lowest and the
 * highest key of the page are selected among the numbers, and only rows between them are looked at again.
 */
export function rankedRows(rows: Uint32Array, order: RowOrder, from: number, to: number): Uint32Array {
  return takeRanked(rows, order, 0, from, Math.min(to, rows.length));
}

function takeRanked(rows: Uint32Array, order: RowOrder, level: number, from: number, to: number): Uint32Array {
  if (from >= to) return rows.subarray(0, 0);
  const key = order.keys[level];
  if (!key || rows.length <= FEW) return sorted(rows, order, level).subarray(from, to);
  const values = key(rows);
  const scratch = values.slice();
  const lowest = nthLowest(scratch, from);
  const highest = nthLowest(scratch, to - 1, from);
  const parts = partsOf(rows, values, lowest, highest);
  const start = from - parts.below;
  const end = to - parts.below;
  if (lowest === highest) return takeRanked(parts.atLowest, order, level + 1, start, end);
  const { atLowest, between, atHighest } = parts;
  return joined([
    takeRanked(atLowest, order, level + 1, start, atLowest.length),
    sorted(between, order, level),
    takeRanked(atHighest, order, level + 1, 0, end - atLowest.length - between.length),
  ]);
}

interface Parts {
  /** Rows that stand before all others. */
  readonly below: number;
  readonly atLowest: Uint32Array;
  readonly between: Uint32Array;
  readonly atHighest: Uint32Array;
}

function partsOf(rows: Uint32Array, values: Float64Array, lowest: number, highest: number): Parts {
  const atLowest = new Uint32Array(rows.length);
  const between = new Uint32Array(rows.length);
  const atHighest = new Uint32Array(rows.length);
  let [below, low, middle, high] = [0, 0, 0, 0];
  for (let position = 0; position < rows.length; position += 1) {
    const value = values[position] ?? 0;
    if (value > highest) continue;
    const row = rows[position] ?? 0;
    if (value < lowest) below += 1;
    else if (value === lowest) atLowest[low++] = row;
    else if (value === highest) atHighest[high++] = row;
    else between[middle++] = row;
  }
  return {
    below,
    atLowest: atLowest.subarray(0, low),
    between: between.subarray(0, middle),
    atHighest: atHighest.subarray(0, high),
  };
}

/** Rows that are equal in every key before `level`. */
function sorted(rows: Uint32Array, { keys, compare }: RowOrder, level: number): Uint32Array {
  const values = keys.slice(level).map((key) => key(rows));
  const positions = Uint32Array.from(rows, (_row, position) => position);
  positions.sort((a, b) => {
    for (const column of values) {
      const order = (column[a] ?? 0) - (column[b] ?? 0);
      if (order !== 0) return order;
    }
    return compare(rows[a] ?? 0, rows[b] ?? 0);
  });
  return positions.map((position) => rows[position] ?? 0);
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
