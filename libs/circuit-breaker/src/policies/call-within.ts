import { abortReason, throwIfAborted } from './abort-reason';
import { TimeoutError } from './timeout.error';
import { assertTimerDelay } from './timer-delay';

export interface CallLimits {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws RangeError when no timer can hold timeoutMs; the signal's reason when it is aborted already */
export function assertCallLimits({ timeoutMs, signal }: CallLimits): void {
  if (timeoutMs !== undefined) assertTimerDelay('timeoutMs', timeoutMs);
  throwIfAborted(signal);
}

/**
 * Runs the call until it ends, the time is up or the caller's signal aborts, whichever is first. In the last two cases
 * the call's own signal is aborted and its result, if one still comes, is dropped: a call that ignores its signal cannot
 * hold the caller.
 */
export async function callWithin<T>(call: (signal: AbortSignal) => Promise<T>, limits: CallLimits): Promise<T> {
  const { timeoutMs, signal } = limits;
  assertCallLimits(limits);

  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const interrupted = new Promise<never>((_, reject) => {
    const interrupt = (reason: Error): void => {
      // Rejecting first makes this reason win over the error with which the call answers its abort.
      reject(reason);
      controller.abort(reason);
    };
    if (timeoutMs !== undefined)
      timer = setTimeout(() => {
        interrupt(new TimeoutError(timeoutMs));
      }, timeoutMs);
    if (signal !== undefined) {
      onAbort = () => {
        interrupt(abortReason(signal));
      };
      signal.addEventListener('abort', onAbort, { once: true });
    }
  });
  try {
    return await Promise.race([call(controller.signal), interrupted]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}
