/** All places are taken: nothing was sent. */
export class BulkheadFullError extends Error {
  override readonly name = 'BulkheadFullError';
  readonly isBulkheadFullError = true;

  constructor(
    readonly bulkhead: string,
    readonly limit: number,
  ) {
    super(`bulkhead "${bulkhead}" has ${limit} calls in flight`);
  }
}

/** Checks the brand, not the class: see isCircuitOpenError. */
export function isBulkheadFullError(error: unknown): error is BulkheadFullError {
  return error instanceof Error && 'isBulkheadFullError' in error && error.isBulkheadFullError === true;
}
