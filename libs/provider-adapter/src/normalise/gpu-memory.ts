/** A reported size this near to one that the maker ships is that size: drivers keep a part for themselves. */
const SNAP_TOLERANCE = 0.07;

export interface ReportedMemory {
  /** As a driver or a catalog gives it. */
  readonly mib?: number;
  /** As a price list gives it. */
  readonly gb?: number;
}

export interface GpuMemory {
  /** The maker's size when the report is within 7 % of one, else the report itself; null: nothing is known. */
  readonly gb: number | null;
  /** Reported and unlike any size the maker ships: a modified or partitioned card, or a wrong report. */
  readonly odd: boolean;
}

/**
 * VRAM of one GPU in GB as the maker counts it.
 * "GB" of memory is sold in both meanings (an 80 GB H100 reports 81,559 MiB = 79.6 GiB, a 288 GB B300 reports 268,288
 * MiB = 262 GiB = 281 GB), so a report counts as near when either reading of it is.
 */
export function gpuMemory(reported: ReportedMemory, sizesGb: readonly number[]): GpuMemory {
  const gib = reportedGib(reported);
  if (gib === null) return { gb: sizesGb.length === 1 ? (sizesGb[0] ?? null) : null, odd: false };
  const nearest = nearestSize(gib, sizesGb);
  if (nearest !== null) return { gb: nearest, odd: false };
  return { gb: Math.round(gib * 100) / 100, odd: sizesGb.length > 0 };
}

/** The shipped size that the report means, or null when none is within 7 %. */
export function nearestSize(gib: number, sizesGb: readonly number[]): number | null {
  let best: number | null = null;
  let bestError = SNAP_TOLERANCE;
  for (const size of sizesGb) {
    const error = Math.min(Math.abs(gib - size), Math.abs(gib * 1.073741824 - size)) / size;
    if (error <= bestError) {
      best = size;
      bestError = error;
    }
  }
  return best;
}

/** No card ships with less or with more; what reports it does not know. GiB. */
const PLAUSIBLE_GIB = { min: 0.25, max: 4_096 };

/** null for nothing, zero and nonsense: a size that is not known is never 0. */
export function reportedGib({ mib, gb }: ReportedMemory): number | null {
  const gib = mib === undefined ? gb : mib / 1024;
  return gib !== undefined && gib >= PLAUSIBLE_GIB.min && gib <= PLAUSIBLE_GIB.max ? gib : null;
}
