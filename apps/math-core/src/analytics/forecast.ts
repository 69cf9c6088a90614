import { priceGrid, type PriceGrid, type PricePoint } from './price-series';

export interface ForecastPoint {
  readonly at: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const HOUR_MS = 3_600_000;
const MOST_POINTS = 168;
/** Share of past changes on each side outside the interval: 90 % are inside. */
const TAIL = 0.05;
/** A lead is judged by its own past changes while the history is this many times as long. */
const LEADS_IN_HISTORY = 6;
/** Below this many steps of history the past says too little, and the usual width counts as well. */
const ENOUGH_STEPS = 72;
/** Half width that GPU prices usually need for a day, as a share of the price; it grows with the root of time. */
const USUAL_DAILY = 0.05;
const DAY_HOURS = 24;

/**
 * What the price did over the same lead in the past, put on today's price: for the value the lesser of median and mean, where
 * both point one way (the median alone of a price that swings is off to one side, the mean alone is bent by a spike); 5th and
 * 95th percentile for the range, which never narrows with the lead and stays near the prices that were ever seen. Leads that are
 * long for the history grow from the longest that is not: the change with time, but for no longer than the history is, the
 * range with its root.
 */
export function forecast(series: readonly PricePoint[], horizonHours: number): ForecastPoint[] {
  const last = series.at(-1);
  if (last === undefined) throw new Error('a series without points has no forecast');
  const grid = priceGrid(series);
  const stepHours = Math.max(1, Math.ceil(horizonHours / MOST_POINTS));
  const leads = [];
  for (let hours = stepHours; hours < horizonHours; hours += stepHours) leads.push(hours);
  const spike = distanceFromUsual(grid);
  const seen = { low: Math.min(...grid.values), high: Math.max(...grid.values) };
  let [below, above] = [0, 0];
  return [...leads, horizonHours].map((hours) => {
    const change = changeOver(grid, hours * HOUR_MS);
    const usual = usualWidth(grid, last.value, hours);
    below = Math.max(below, change.value - change.low, usual, -spike);
    above = Math.max(above, change.high - change.value, usual, spike);
    const value = Math.max(0, last.value + change.value);
    // What swings between two levels is not to be put above both.
    const margin = USUAL_DAILY * (1 + Math.sqrt(hours / DAY_HOURS));
    return {
      at: last.at + hours * HOUR_MS,
      value,
      low: Math.min(value, Math.max(0, value - below, seen.low * (1 - margin))),
      high: Math.max(value, Math.min(value + above, seen.high * (1 + margin))),
    };
  });
}

interface Change {
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

function changeOver({ stepMs, values }: PriceGrid, leadMs: number): Change {
  const wanted = leadMs / stepMs;
  const longest = Math.max(1, Math.floor((values.length - 1) / LEADS_IN_HISTORY));
  const steps = Math.min(longest, Math.max(1, Math.round(wanted)));
  const changes = new Float64Array(Math.max(0, values.length - steps));
  for (let from = 0; from < changes.length; from += 1)
    changes[from] = (values[from + steps] ?? 0) - (values[from] ?? 0);
  if (changes.length === 0) return { low: 0, value: 0, high: 0 };
  changes.sort();
  const middle = agreed(quantileOf(changes, 0.5), changes.reduce((sum, change) => sum + change, 0) / changes.length);
  const ratio = wanted / steps;
  const value = middle * Math.min(ratio, (values.length - 1) / steps);
  const spread = Math.sqrt(Math.max(1, ratio));
  return {
    value,
    low: value + (quantileOf(changes, TAIL) - middle) * spread,
    high: value + (quantileOf(changes, 1 - TAIL) - middle) * spread,
  };
}

/** The one nearer to 0; 0 when they point to different sides. */
const agreed = (a: number, b: number): number => (a * b <= 0 ? 0 : Math.abs(a) < Math.abs(b) ? a : b);

function quantileOf(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(position)] ?? 0, sorted[Math.ceil(position)] ?? 0];
  return below + (above - below) * (position - Math.floor(position));
}

function usualWidth({ values, stepMs }: PriceGrid, price: number, hours: number): number {
  const known = (values.length - 1) * Math.min(1, stepMs / HOUR_MS);
  return known >= ENOUGH_STEPS ? 0 : price * USUAL_DAILY * Math.sqrt(hours / DAY_HOURS);
}

const RECENT_STEPS = 24;
const SPIKE_SHARE = 0.15;

/** How far the way back is when the last price stands out from the last day's; 0 when it does not. */
function distanceFromUsual({ values }: PriceGrid): number {
  const recent = values.slice(-RECENT_STEPS).sort();
  const usual = quantileOf(recent, 0.5);
  const last = values.at(-1) ?? usual;
  return Math.abs(last - usual) > SPIKE_SHARE * usual ? usual - last : 0;
}
