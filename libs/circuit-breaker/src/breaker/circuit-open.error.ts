/** The circuit refused the call: nothing was sent. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  readonly isCircuitOpenError = true;

  /**
   * @param circuit name of the circuit that refused
   * @param retryAfterMs when a call may be let through again, in ms from now
   */
  constructor(
    readonly circuit: string,
    readonly retryAfterMs: number,
  ) {
    super(`circuit "${circuit}" is open`);
  }
}

/** Checks the brand, not the class: two copies of this package in one process must recognise each other's errors. */
export function isCircuitOpenError(error: unknown): error is CircuitOpenError {
  return error instanceof Error && 'isCircuitOpenError' in error && error.isCircuitOpenError === true;
}
