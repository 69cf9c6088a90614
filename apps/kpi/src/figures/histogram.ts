import { Decimal } from 'decimal.js';
import type { PriceBucketDto } from '@gpubroker/contracts/kpi';

/** What the database says of a distribution; decimals as text. */
export interface BucketRow {
  /** 0 is the lowest; `buckets` is the one above all others. */
  readonly bucket: number;
  readonly count: number;
  readonly lowest: string;
  readonly highest: string;
  readonly width: string;
}

/**
 * The buckets without gaps, lowest first: those of one width up to the last that is needed, and at most one more, without
 * a fixed width, for what is above them.
 * @param buckets how many have the width
 */
export function histogram(rows: readonly BucketRow[], buckets: number): PriceBucketDto[] {
  const [first] = rows;
  if (first === undefined) return [];
  const counts = new Map(rows.map(({ bucket, count }) => [bucket, count]));
  const lowest = new Decimal(first.lowest);
  const edge = (at: number) => lowest.plus(new Decimal(first.width).times(at));
  const last = Math.max(...counts.keys());
  return Array.from({ length: last + 1 }, (_, bucket) => ({
    from: edge(bucket).toNumber(),
    to: bucket === buckets ? Number(first.highest) : edge(bucket + 1).toNumber(),
    count: counts.get(bucket) ?? 0,
  }));
}
