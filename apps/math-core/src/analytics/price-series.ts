/** A price from a moment on, until the next point says otherwise. */
export interface PricePoint {
  /** Milliseconds since 1970: what follows knows no time zones. */
  readonly at: number;
  readonly value: number;
}

/** Oldest first, one point a moment, the last word of each counting. */
export function ordered(points: readonly PricePoint[]): PricePoint[] {
  const byTime = new Map<number, number>();
  for (const { at, value } of points) byTime.set(at, value);
  return [...byTime].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at);
}

/** Prices at equal steps, each the last one known then: gaps keep the price that was there before. */
export interface PriceGrid {
  readonly stepMs: number;
  readonly values: Float64Array;
}

const HOUR_MS = 3_600_000;
const MOST_STEPS = 1_000;
const FEWEST_STEPS = 24;

/** Hourly where the series allows it: coarser for longer ones, finer for those shorter than a day. */
export function priceGrid(series: readonly PricePoint[]): PriceGrid {
  const [first, last] = [series[0], series.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a series without points has no grid');
  const span = last.at - first.at;
  const stepMs = Math.max(1, Math.min(Math.max(HOUR_MS, span / MOST_STEPS), span / FEWEST_STEPS));
  const steps = Math.floor(span / stepMs + 1e-9);
  const values = new Float64Array(steps + 1);
  let current = 0;
  for (let step = 0; step <= steps; step += 1) {
    // From the end backwards, so that the newest price is always on the grid.
    const at = last.at - (steps - step) * stepMs;
    while ((series[current + 1]?.at ?? Infinity) <= at) current += 1;
    values[step] = series[current]?.value ?? first.value;
  }
  return { stepMs, values };
}
