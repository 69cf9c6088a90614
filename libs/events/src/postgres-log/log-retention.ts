/** How long the log keeps records. Groups that stay away longer miss what is gone, as with any log. */
export interface LogRetention {
  readonly maxAgeMs: number;
  /** Per topic. */
  readonly maxRecords: number;
  readonly deadLetterMaxAgeMs: number;
  /** A replaced record of a compacted topic, or a tombstone, stays this long for readers that are on their way. */
  readonly replacedAfterMs: number;
}

const HOUR_MS = 3_600_000;

export const DEFAULT_LOG_RETENTION: LogRetention = {
  maxAgeMs: 7 * 24 * HOUR_MS,
  maxRecords: 2_000_000,
  deadLetterMaxAgeMs: 30 * 24 * HOUR_MS,
  replacedAfterMs: HOUR_MS,
};
