/**
 * The value that would stand at `nth` if the values from `low` on were sorted; rearranges them so that nothing before `nth`
 * is higher and nothing after it lower (Hoare's selection). Numbers only and no callback: this is the inner loop of a page.
 * @param values without NaN
 */
export function nthLowest(values: Float64Array, nth: number, low = 0): number {
  let first = low;
  let last = values.length - 1;
  while (last > first) {
    const pivot = median(values[first] ?? 0, values[(first + last) >> 1] ?? 0, values[last] ?? 0);
    let left = first;
    let right = last;
    while (left <= right) {
      while ((values[left] ?? 0) < pivot) left += 1;
      while ((values[right] ?? 0) > pivot) right -= 1;
      if (left > right) break;
      const kept = values[left] ?? 0;
      values[left] = values[right] ?? 0;
      values[right] = kept;
      left += 1;
      right -= 1;
    }
    if (nth <= right) last = right;
    else if (nth >= left) first = left;
    else break;
  }
  return values[nth] ?? Number.NaN;
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
