export interface RetryDelays {
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** full: anywhere between 0 and the doubled delay, so that callers that failed together do not return together. */
  readonly jitter: 'full' | 'none';
}

/**
 * How long to wait after failed attempt number `attempt` (from 1), in ms; null: do not try again, because the peer asked
 * for a longer wait than maxDelayMs and coming back sooner would be refused too.
 * @param random a number from 0 to below 1
 */
export function retryDelay(
  delays: RetryDelays,
  attempt: number,
  retryAfterMs: number | null,
  random: number,
): number | null {
  if (retryAfterMs !== null && retryAfterMs > delays.maxDelayMs) return null;
  const doubled = Math.min(delays.maxDelayMs, delays.baseDelayMs * 2 ** (attempt - 1));
  const backoff = delays.jitter === 'full' ? doubled * random : doubled;
  return Math.max(backoff, retryAfterMs ?? 0);
}
