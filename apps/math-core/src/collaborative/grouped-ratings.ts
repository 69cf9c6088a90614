export interface Ratings {
  readonly users: number;
  readonly items: number;
  /** Entry e: users[e] rated items[e] with values[e]; a pair occurs once. */
  readonly userOf: Uint32Array;
  readonly itemOf: Uint32Array;
  readonly values: Float64Array;
}

/** Ratings of one side, grouped: row r has the entries from starts[r] to starts[r + 1]. */
export interface Grouped {
  readonly starts: Uint32Array;
  readonly others: Uint32Array;
  readonly values: Float64Array;
}

export const groupByUser = ({ users, userOf, itemOf, values }: Ratings): Grouped =>
  group(users, userOf, itemOf, values);

export const groupByItem = ({ items, itemOf, userOf, values }: Ratings): Grouped =>
  group(items, itemOf, userOf, values);

/** Shared memory: threads read and write one copy. */
export const sharedFloats = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));

const sharedIndices = (length: number): Uint32Array =>
  new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));

function group(rows: number, rowOf: Uint32Array, otherOf: Uint32Array, ratings: Float64Array): Grouped {
  const starts = sharedIndices(rows + 1);
  for (const row of rowOf) starts[row + 1] = (starts[row + 1] ?? 0) + 1;
  for (let row = 0; row < rows; row += 1) starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0);
  const next = starts.slice();
  const others = sharedIndices(otherOf.length);
  const values = sharedFloats(ratings.length);
  for (let entry = 0; entry < rowOf.length; entry += 1) {
    const row = rowOf[entry] ?? 0;
    const place = next[row] ?? 0;
    next[row] = place + 1;
    others[place] = otherOf[entry] ?? 0;
    values[place] = ratings[entry] ?? 0;
  }
  return { starts, others, values };
}
