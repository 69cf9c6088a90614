/**
 * Positions `from` up to, and without, `to` of the order in which a full sort would stand, without sorting the rest: one
 * page of a hundred thousand matches costs a few passes over numbers.
 * @param compare a total order over 0 to count - 1: no two are equal
 */
export function rankedSlice(
  count: number,
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): Uint32Array {
  const end = Math.min(to, count);
  if (from >= end) return new Uint32Array(0);
  const order = Uint32Array.from({ length: count }, (_, position) => position);
  if (from > 0) partition(order, 0, count, from, compare);
  if (end < count) partition(order, from, count, end, compare);
  return order.subarray(from, end).sort(compare);
}

/** Rearranges order[low, high) so that the lowest stand before `nth` (Hoare's selection, median of three as pivot). */
function partition(
  order: Uint32Array,
  low: number,
  high: number,
  nth: number,
  compare: (a: number, b: number) => number,
): void {
  let first = low;
  let last = high - 1;
  while (last > first) {
    const pivot = medianOfThree(order, first, last, compare);
    let left = first;
    let right = last;
    while (left <= right) {
      while (compare(order[left] ?? 0, pivot) < 0) left += 1;
      while (compare(order[right] ?? 0, pivot) > 0) right -= 1;
      if (left > right) break;
      swap(order, left, right);
      left += 1;
      right -= 1;
    }
    if (nth <= right) last = right;
    else if (nth >= left) first = left;
    else return;
  }
}

function medianOfThree(
  order: Uint32Array,
  first: number,
  last: number,
  compare: (a: number, b: number) => number,
): number {
  const a = order[first] ?? 0;
  const b = order[(first + last) >> 1] ?? 0;
  const c = order[last] ?? 0;
  if (compare(a, b) < 0) return compare(b, c) < 0 ? b : compare(a, c) < 0 ? c : a;
  return compare(a, c) < 0 ? a : compare(b, c) < 0 ? c : b;
}

function swap(order: Uint32Array, a: number, b: number): void {
  const kept = order[a] ?? 0;
  order[a] = order[b] ?? 0;
  order[b] = kept;
}
