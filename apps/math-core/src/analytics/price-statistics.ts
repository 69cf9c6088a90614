import type { PricePoint } from './price-series';

const HOUR_MS = 3_600_000;
const MOST_PAIRS_OF = 300;

/**
 * Standard deviation over mean, each price weighted by how long it held (the last by none): 0 for a constant series, the same in
 * every currency, and no larger for being observed more often.
 */
export function volatility(series: readonly PricePoint[]): number {
  let [time, sum, squares] = [0, 0, 0];
  for (const [index, { at, value }] of series.entries()) {
    const held = (series[index + 1]?.at ?? at) - at;
    time += held;
    sum += held * value;
    squares += held * value * value;
  }
  if (time === 0 || sum === 0) return 0;
  const mean = sum / time;
  // Squares of almost equal numbers: rounding may take the difference below zero.
  const variance = Math.max(0, squares / time - mean * mean);
  return variance < mean * mean * 1e-14 ? 0 : Math.sqrt(variance) / mean;
}

/**
 * Price change an hour: the median of the slopes between all pairs of points (Theil and Sen), so that single spikes do not bend
 * it; exact for a straight line. Of long series evenly spread points are paired.
 */
export function trendPerHour(series: readonly PricePoint[]): number {
  const points = thinned(series);
  const slopes: number[] = [];
  for (const [index, late] of points.entries())
    for (const early of points.slice(0, index))
      slopes.push(((late.value - early.value) / (late.at - early.at)) * HOUR_MS);
  return slopes.length === 0 ? 0 : median(slopes);
}

function thinned(series: readonly PricePoint[]): readonly PricePoint[] {
  if (series.length <= MOST_PAIRS_OF) return series;
  const stride = (series.length - 1) / (MOST_PAIRS_OF - 1);
  return Array.from({ length: MOST_PAIRS_OF }, (_, index) => series[Math.round(index * stride)]).filter(
    (point) => point !== undefined,
  );
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
