export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  /** Further requests that would be accepted at this moment. */
  readonly remaining: number;
  /** Until the quota grows by the next request leaving the window, in ms. */
  readonly resetMs: number;
  /** 0 when allowed; else the wait after which the same request is accepted, if nobody else takes its place. */
  readonly retryAfterMs: number;
}

/** Counts accepted requests per key over a sliding window: never more than `limit` in any `windowMs` (SPEC S2). */
export interface RateLimiter {
  /** @param windowMs always the same for one key */
  take(key: string, limit: number, windowMs: number): Promise<RateDecision>;
}

/** @throws RangeError when the limit is below 1: "no limit" is the caller's to decide, not a number */
export function assertLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError(`limit must be a whole number from 1, got ${limit}`);
}

export const RATE_LIMITER = Symbol('RATE_LIMITER');
