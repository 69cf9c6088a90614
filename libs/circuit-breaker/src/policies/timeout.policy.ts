import { callWithin } from './call-within';

/**
 * Gives the call `ms` to end; then aborts its signal.
 * @throws TimeoutError, the abort reason of `signal`, or whatever the call threw; RangeError when no timer can hold `ms`
 */
export async function withTimeout<T>(
  call: (signal: AbortSignal) => Promise<T>,
  ms: number,
  signal?: AbortSignal,
): Promise<T> {
  return callWithin(call, { timeoutMs: ms, signal });
}
