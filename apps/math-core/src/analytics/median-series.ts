import { ordered, type PricePoint } from './price-series';

/** Moments at which the median is taken: the newest changes of all, older ones left out. */
const MOST_MOMENTS = 5_000;

/**
 * Median of several prices at each moment at which one of them changed, among those that were known then; from the moment on at
 * which half of them are, so that an offer that is first seen is not taken for a change.
 */
export function medianOf(histories: readonly (readonly PricePoint[])[]): PricePoint[] {
  const moments = ordered(histories.flat()).slice(-MOST_MOMENTS);
  const places = histories.map(() => -1);
  return moments.flatMap(({ at }) => {
    const prices = histories.flatMap((series, index) => {
      let place = places[index] ?? -1;
      while ((series[place + 1]?.at ?? Infinity) <= at) place += 1;
      places[index] = place;
      return series[place]?.value ?? [];
    });
    if (prices.length * 2 < histories.length) return [];
    prices.sort((a, b) => a - b);
    const middle = (prices.length - 1) / 2;
    return { at, value: ((prices[Math.floor(middle)] ?? 0) + (prices[Math.ceil(middle)] ?? 0)) / 2 };
  });
}
