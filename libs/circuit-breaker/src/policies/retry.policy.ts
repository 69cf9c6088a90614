import { throwIfAborted } from './abort-reason';
import { retryDelay } from './retry-delay';
import { sleep as timerSleep } from './sleep';

export interface RetryPolicy {
  /** Calls in all, the first included. */
  readonly attempts: number;
  /** Upper bound of the first wait in ms; it doubles with each further one. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** Default full. */
  readonly jitter?: 'full' | 'none';
  /** Only say yes for a call that may be repeated: a repeated POST that was carried out is carried out twice. */
  readonly retryable: (error: unknown) => boolean;
  /** The wait the peer asked for, in ms, or null. Longer than maxDelayMs: no further attempt. */
  readonly retryAfterMs?: (error: unknown) => number | null;
  /** Ends the waiting at once; the call itself takes its own signal. */
  readonly signal?: AbortSignal;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to below 1; default Math.random. */
  readonly random?: () => number;
}

/**
 * Calls until it succeeds, an error is not retryable, or the attempts are used up.
 * @param call gets the attempt's number, from 1
 * @throws the last error of the call, or the abort reason of policy.signal
 */
export async function retry<T>(call: (attempt: number) => Promise<T>, policy: RetryPolicy): Promise<T> {
  const {
    attempts,
    baseDelayMs,
    maxDelayMs,
    jitter = 'full',
    signal,
    sleep = timerSleep,
    random = Math.random,
  } = policy;
  if (!Number.isSafeInteger(attempts) || attempts < 1) {
    throw new RangeError(`attempts must be a whole number from 1, got ${attempts}`);
  }
  for (let attempt = 1; ; attempt += 1) {
    throwIfAborted(signal);
    try {
      return await call(attempt);
    } catch (error) {
      // An aborted call looks like any other error; without this check a retryable() of "everything" would call again.
      if (signal?.aborted === true || attempt >= attempts || !policy.retryable(error)) throw error;
      const delayMs = retryDelay(
        { baseDelayMs, maxDelayMs, jitter },
        attempt,
        policy.retryAfterMs?.(error) ?? null,
        random(),
      );
      if (delayMs === null) throw error;
      await sleep(delayMs, signal);
    }
  }
}
