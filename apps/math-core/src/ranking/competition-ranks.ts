import type { Steps } from '../request/turns';
import { blocksOf, type Block } from './row-blocks';

/**
 * Competition ranks, 1 for the greatest; equal values share the best rank (1, 1, 3). About as many buckets as values, of equal
 * width, are each sorted for themselves, and a value is looked for in its own: nearly linear, where a sort with a comparator
 * takes longer than the ranking itself. When all values fall into one bucket it is one sort and a binary search for each.
 * @param values finite
 */
export function* ranksInSteps(values: Float64Array): Steps<Uint32Array> {
  const blocks = blocksOf(values.length, BLOCK_ROWS);
  const bucketOf = new Uint32Array(values.length);
  const starts = new Uint32Array(values.length + 2);
  const toBucket = scaleOf(values);
  for (const block of blocks) {
    countBuckets(values, block, toBucket, bucketOf, starts);
    yield;
  }
  for (let bucket = 1; bucket < starts.length; bucket += 1)
    starts[bucket] = indexAt(starts, bucket) + indexAt(starts, bucket - 1);
  const ascending = new Float64Array(values.length);
  const next = starts.slice();
  for (const block of blocks) {
    placeValues(values, block, bucketOf, next, ascending);
    yield;
  }
  for (const block of blocksOf(starts.length - 1, BLOCK_ROWS)) {
    sortBuckets(ascending, block, starts);
    yield;
  }
  const ranks = new Uint32Array(values.length);
  for (const block of blocks) {
    rankRows(values, block, { bucketOf, starts, ascending }, ranks);
    yield;
  }
  return ranks;
}

const BLOCK_ROWS = 50_000;

interface Buckets {
  readonly bucketOf: Uint32Array;
  /** Bucket b holds the places from starts[b] to starts[b + 1]; a greater value is never in a lower bucket. */
  readonly starts: Uint32Array;
  readonly ascending: Float64Array;
}

interface Scale {
  readonly lowest: number;
  readonly perUnit: number;
}

function scaleOf(values: Float64Array): Scale {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  const width = (highest - lowest) / values.length;
  return { lowest, perUnit: width > 0 && 1 / width < Infinity ? 1 / width : 0 };
}

function countBuckets(
  values: Float64Array,
  { from, to }: Block,
  { lowest, perUnit }: Scale,
  bucketOf: Uint32Array,
  starts: Uint32Array,
): void {
  for (let row = from; row < to; row += 1) {
    const bucket = (at(values, row) - lowest) * perUnit;
    const whole = bucket < values.length ? bucket >>> 0 : values.length;
    bucketOf[row] = whole;
    starts[whole + 1] = indexAt(starts, whole + 1) + 1;
  }
}

function placeValues(
  values: Float64Array,
  { from, to }: Block,
  bucketOf: Uint32Array,
  next: Uint32Array,
  ascending: Float64Array,
): void {
  for (let row = from; row < to; row += 1) {
    const bucket = indexAt(bucketOf, row);
    const place = indexAt(next, bucket);
    next[bucket] = place + 1;
    ascending[place] = at(values, row);
  }
}

function sortBuckets(ascending: Float64Array, { from, to }: Block, starts: Uint32Array): void {
  for (let bucket = from; bucket < to; bucket += 1)
    sortPart(ascending, indexAt(starts, bucket), indexAt(starts, bucket + 1));
}

function rankRows(
  values: Float64Array,
  { from, to }: Block,
  { bucketOf, starts, ascending }: Buckets,
  ranks: Uint32Array,
): void {
  for (let row = from; row < to; row += 1) {
    const bucket = indexAt(bucketOf, row);
    const end = endOf(ascending, at(values, row), indexAt(starts, bucket), indexAt(starts, bucket + 1));
    ranks[row] = 1 + values.length - end;
  }
}

/** Above it, the runtime's own sort is faster than insertion. */
const FEW = 24;

function sortPart(values: Float64Array, from: number, to: number): void {
  if (to - from > FEW) {
    values.subarray(from, to).sort();
    return;
  }
  for (let next = from + 1; next < to; next += 1) {
    const value = at(values, next);
    let place = next;
    for (; place > from && at(values, place - 1) > value; place -= 1) values[place] = at(values, place - 1);
    values[place] = value;
  }
}

/** Where, between these places, the values greater than this one begin. */
function endOf(ascending: Float64Array, value: number, from: number, to: number): number {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (at(ascending, middle) <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}

// One reader for each kind of array: a reader of both would be compiled for both, and run at half the speed.
const at = (array: Float64Array, index: number): number => array[index] as number;
const indexAt = (array: Uint32Array, index: number): number => array[index] as number;
