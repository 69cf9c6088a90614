/** The call did not end in time. Its signal was aborted; whether the peer did the work is unknown. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly isTimeoutError = true;

  constructor(readonly timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}

/** Checks the brand, not the class (two copies of this package) nor the name (AbortSignal.timeout uses the same one). */
export function isTimeoutError(error: unknown): error is TimeoutError {
  return error instanceof Error && 'isTimeoutError' in error && error.isTimeoutError === true;
}
