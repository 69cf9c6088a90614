/**
 * The closed list of error codes (SPEC G3). A client branches on the code, never on the message. Each code carries the one
 * HTTP status it travels with, what it means and what the caller can do; docs/errors.md is checked against this table.
 */
export const ERROR_CATALOG = {
  VALIDATION_ERROR: {
    status: 422,
    meaning: 'A value is missing, malformed or out of range.',
    remedy: 'Correct the fields named in details.',
  },
  MALFORMED_REQUEST: {
    status: 400,
    meaning: 'The request could not be read at all, for example because its body is not JSON.',
    remedy: 'Send a well-formed request.',
  },
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'No valid token came with the request.',
    remedy: 'Sign in and send the access token as a bearer.',
  },
  TOKEN_EXPIRED: {
    status: 401,
    meaning: 'The access token was valid once and has expired.',
    remedy: 'Refresh the token, then repeat the request.',
  },
  FORBIDDEN: {
    status: 403,
    meaning: 'The token is valid and does not allow this.',
    remedy: 'Use an account with the needed role.',
  },
  NOT_FOUND: { status: 404, meaning: 'There is no such route or no such thing.', remedy: 'Check the path and the id.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'The path exists and does not take this method.',
    remedy: 'Use a method that the Allow header names.',
  },
  CONFLICT: {
    status: 409,
    meaning: 'The request does not fit the present state.',
    remedy: 'Read the present state, then decide again.',
  },
  VERSION_GONE: {
    status: 410,
    meaning: 'The catalogue version asked for is no longer kept.',
    remedy: 'Start the walk again without version.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    meaning: 'The body is larger than this route takes.',
    remedy: 'Send a smaller body.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    meaning: 'The content type of the body is not taken here.',
    remedy: 'Send application/json.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'More requests came than the limit allows.',
    remedy: 'Wait for as long as Retry-After says.',
  },
  INTERNAL_ERROR: {
    status: 500,
    meaning: 'A bug on our side; the log knows it under the trace id.',
    remedy: 'Report the trace_id.',
  },
  UPSTREAM_FAILED: { status: 502, meaning: 'A service that the answer depends on failed.', remedy: 'Try again later.' },
  DB_UNAVAILABLE: { status: 503, meaning: 'The database cannot be reached.', remedy: 'Try again after Retry-After.' },
  SERVICE_UNAVAILABLE: {
    status: 503,
    meaning: 'The service is starting, stopping or overloaded.',
    remedy: 'Try again after Retry-After.',
  },
} as const satisfies Record<string, { status: number; meaning: string; remedy: string }>;

export type ErrorCode = keyof typeof ERROR_CATALOG;

/** Every code, in the order of the catalog. */
export const ERROR_CODES = Object.keys(ERROR_CATALOG) as ErrorCode[];
