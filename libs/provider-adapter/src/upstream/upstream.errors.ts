/** Why a call gave no usable answer. Each is a metric label, so the list is closed. */
export const UPSTREAM_REASONS = [
  'timeout',
  'refused',
  'unauthorized',
  'status_4xx',
  'status_5xx',
  'rate_limited',
  'capacity',
  'redirect',
  'too_large',
  'malformed',
  'incomplete',
  'address_refused',
  'circuit_open',
  'aborted',
] as const;
export type UpstreamReason = (typeof UPSTREAM_REASONS)[number];

/**
 * A call to a cloud that gave no usable answer. Messages hold the provider, the method and the URL's origin and path:
 * never a query, a header or a piece of a body, because credentials travel in all three and clouds repeat them.
 */
export class UpstreamError extends Error {
  override readonly name: string = 'UpstreamError';
  readonly isUpstreamError = true;

  constructor(
    readonly provider: string,
    readonly reason: UpstreamReason,
    detail: string,
  ) {
    super(`${provider}: ${detail}`);
  }
}

export class UpstreamTimeoutError extends UpstreamError {
  override readonly name = 'UpstreamTimeoutError';

  constructor(provider: string, target: string, timeoutMs: number) {
    super(provider, 'timeout', `${target} gave no answer within ${timeoutMs} ms`);
  }
}

/** No connection, or one that broke: refused, reset, unknown host, bad certificate. */
export class UpstreamRefusedError extends UpstreamError {
  override readonly name = 'UpstreamRefusedError';

  constructor(provider: string, target: string, code: string) {
    super(provider, 'refused', `${target} could not be reached (${code})`);
  }
}

export class UpstreamStatusError extends UpstreamError {
  override readonly name = 'UpstreamStatusError';

  /** @param retryAfterMs the wait the cloud asked for, null when it did not */
  constructor(
    provider: string,
    target: string,
    readonly status: number,
    readonly retryAfterMs: number | null,
  ) {
    super(provider, reasonOfStatus(status), `${target} answered ${status}`);
  }
}

/** The cloud works but has no machine to give: fail over to another offer, the same call will not do better. */
export class UpstreamCapacityError extends UpstreamError {
  override readonly name = 'UpstreamCapacityError';

  constructor(
    provider: string,
    target: string,
    readonly status: number,
  ) {
    super(provider, 'capacity', `${target} has no capacity (answered ${status})`);
  }
}

export class UpstreamTooLargeError extends UpstreamError {
  override readonly name = 'UpstreamTooLargeError';

  constructor(provider: string, target: string, maxBytes: number) {
    super(provider, 'too_large', `${target} sent more than ${maxBytes} bytes`);
  }
}

/** The answer is not what the cloud's documentation says: not JSON, broken compression, another shape. */
export class UpstreamMalformedError extends UpstreamError {
  override readonly name = 'UpstreamMalformedError';

  constructor(provider: string, detail: string) {
    super(provider, 'malformed', detail);
  }
}

/** A list that cannot be read to its end. Passing on a part would make the rest look sold out. */
export class UpstreamIncompleteError extends UpstreamError {
  override readonly name = 'UpstreamIncompleteError';

  constructor(provider: string, detail: string) {
    super(provider, 'incomplete', detail);
  }
}

/** Checks the brand, not the class: two copies of this package in one process must recognise each other's errors. */
export function isUpstreamError(error: unknown): error is UpstreamError {
  return error instanceof Error && 'isUpstreamError' in error && error.isUpstreamError === true;
}

function reasonOfStatus(status: number): UpstreamReason {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'status_5xx';
  return status >= 300 && status < 400 ? 'redirect' : 'status_4xx';
}
