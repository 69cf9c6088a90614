/** Rows per answer. The API stops silently at its own limit of 1,000, so an answer this long may have been cut. */
export const VAST_ANSWER_LIMIT = 1_000;

/** Part of the market. Bounds are inclusive but usdAbove; null is open. */
export interface VastSlice {
  readonly minGpus: number;
  readonly maxGpus: number | null;
  /** Of one GPU, MiB. */
  readonly minRam: number;
  readonly maxRam: number | null;
  /** dph_total. */
  readonly usdAbove: number | null;
  readonly usdTo: number | null;
}

const EVERYTHING: VastSlice = { minGpus: 1, maxGpus: null, minRam: 0, maxRam: null, usdAbove: null, usdTo: null };

/** Where the market divides into parts of a like size: most machines have one or two GPUs. */
export const FIRST_SLICES: readonly VastSlice[] = [
  { ...EVERYTHING, maxGpus: 1 },
  { ...EVERYTHING, minGpus: 2, maxGpus: 3 },
  { ...EVERYTHING, minGpus: 4 },
];

/** Between the memory sizes that cards have, MiB. */
const RAM_BOUNDS = [9_000, 13_000, 17_500, 26_000, 34_000, 50_000, 85_000];

/** The filters of a search for this slice, in the API's `field: {operator: value}` form. */
export function sliceFilters(slice: VastSlice): Record<string, Record<string, number>> {
  return {
    num_gpus: { gte: slice.minGpus, ...(slice.maxGpus === null ? {} : { lte: slice.maxGpus }) },
    ...(slice.minRam === 0 && slice.maxRam === null
      ? {}
      : { gpu_ram: { gte: slice.minRam, ...(slice.maxRam === null ? {} : { lte: slice.maxRam }) } }),
    ...(slice.usdAbove === null && slice.usdTo === null
      ? {}
      : {
          dph_total: {
            ...(slice.usdAbove === null ? {} : { gt: slice.usdAbove }),
            ...(slice.usdTo === null ? {} : { lte: slice.usdTo }),
          },
        }),
  };
}

/**
 * Two slices in place of one that was too full to be answered whole: by GPUs, then by memory, then by price.
 * @param prices dph_total of the rows that were answered
 * @returns null when nothing is left to divide by
 */
export function splitSlice(slice: VastSlice, prices: readonly number[]): readonly [VastSlice, VastSlice] | null {
  if (slice.maxGpus === null || slice.maxGpus > slice.minGpus) {
    const last = slice.maxGpus === null ? slice.minGpus * 2 - 1 : Math.floor((slice.minGpus + slice.maxGpus) / 2);
    const middle = Math.max(slice.minGpus, last);
    if (middle < 64)
      return [
        { ...slice, maxGpus: middle },
        { ...slice, minGpus: middle + 1 },
      ];
  }
  const bounds = RAM_BOUNDS.filter((bound) => bound >= slice.minRam && (slice.maxRam === null || bound < slice.maxRam));
  const bound = bounds[Math.floor(bounds.length / 2)];
  if (bound !== undefined)
    return [
      { ...slice, maxRam: bound },
      { ...slice, minRam: bound + 1 },
    ];
  return splitByPrice(slice, prices);
}

function splitByPrice(slice: VastSlice, prices: readonly number[]): readonly [VastSlice, VastSlice] | null {
  const sorted = prices.filter((price) => Number.isFinite(price)).sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const highest = sorted.at(-1);
  if (median === undefined || highest === undefined || median >= highest) return null;
  return [
    { ...slice, usdTo: median },
    { ...slice, usdAbove: median },
  ];
}
