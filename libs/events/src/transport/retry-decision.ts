import type { FailureKind } from './event-failures';

export interface RetryPolicy {
  /** Tries of a failing event, the first included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** No new try after this long: what is behind the event must not wait for it longer. */
  readonly giveUpAfterMs: number;
  /** A handler that takes longer has failed. */
  readonly handlerTimeoutMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 5,
  baseDelayMs: 100,
  maxDelayMs: 5_000,
  giveUpAfterMs: 20_000,
  handlerTimeoutMs: 15_000,
};

export type RetryDecision = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'dead_letter' };

/** What to do after try number `attempt` (from 1) failed, `elapsedMs` after the first one began. */
export function decideRetry(
  failure: FailureKind,
  attempt: number,
  elapsedMs: number,
  policy: RetryPolicy,
): RetryDecision {
  const afterMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.min(attempt - 1, 30));
  if (failure === 'unavailable') return { kind: 'retry', afterMs };
  const exhausted = attempt >= policy.attempts || elapsedMs + afterMs > policy.giveUpAfterMs;
  return failure === 'permanent' || exhausted ? { kind: 'dead_letter' } : { kind: 'retry', afterMs };
}
