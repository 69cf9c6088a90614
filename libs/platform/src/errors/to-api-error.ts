import { HttpException } from '@nestjs/common';
import type { ErrorCode } from '@gpubroker/contracts/errors';
import { isDatabaseUnavailable } from '@gpubroker/persistence/errors';
import { ApiError, isApiError } from './api-error';

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'MALFORMED_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'CONFLICT',
  410: 'VERSION_GONE',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'VALIDATION_ERROR',
  429: 'RATE_LIMITED',
  502: 'UPSTREAM_FAILED',
  503: 'SERVICE_UNAVAILABLE',
  504: 'UPSTREAM_FAILED',
};

const MESSAGE_OF_CODE: Partial<Record<ErrorCode, string>> = {
  MALFORMED_REQUEST: 'The request could not be read',
  NOT_FOUND: 'Not found',
  PAYLOAD_TOO_LARGE: 'The request body is too large',
  UNSUPPORTED_MEDIA_TYPE: 'Send application/json',
};

/** What PostgreSQL says about a value it cannot hold: the caller's mistake that slipped past validation, never a 500. */
const VALUE_STATES = new Set(['22003', '22021', '22P02', '22P05', '22007', '22008']);

const DATABASE_RETRY_SECONDS = 2;

/** Turns whatever was thrown into what the caller may know. Anything unrecognised is a bug: its message stays in the log. */
export function toApiError(thrown: unknown): ApiError {
  if (isApiError(thrown)) return thrown;
  if (isDatabaseUnavailable(thrown)) {
    return new ApiError('DB_UNAVAILABLE', 'Database not available', {
      retryAfterSeconds: DATABASE_RETRY_SECONDS,
      cause: thrown,
    });
  }
  const sqlState = sqlStateOf(thrown);
  if (sqlState && VALUE_STATES.has(sqlState))
    return new ApiError('VALIDATION_ERROR', 'A value is out of range', { cause: thrown });
  if (sqlState === '23505') return new ApiError('CONFLICT', 'It exists already', { cause: thrown });
  const code = codeOf(statusOf(thrown));
  if (code) return new ApiError(code, MESSAGE_OF_CODE[code] ?? messageOf(thrown), { cause: thrown });
  return new ApiError('INTERNAL_ERROR', 'Internal server error', { cause: thrown });
}

/** A refusal that has no code of its own (408, 414 …) is still the caller's. */
function codeOf(status: number | null): ErrorCode | undefined {
  if (status === null) return undefined;
  return CODE_OF_STATUS[status] ?? (status >= 400 && status < 500 ? 'MALFORMED_REQUEST' : undefined);
}

/**
 * Nest's exceptions and Fastify's own errors (body too large, bad media type) carry the status of our answer. Other errors'
 * `statusCode` is what a peer answered to us: passed on, its 401 would sign our caller out and its message would leak.
 */
function statusOf(thrown: unknown): number | null {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (!(thrown instanceof Error) || !('code' in thrown) || !('statusCode' in thrown)) return null;
  const { code, statusCode } = thrown;
  return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' ? statusCode : null;
}

function sqlStateOf(thrown: unknown): string | null {
  const driver = thrown instanceof Error && 'driverError' in thrown ? thrown.driverError : thrown;
  return driver instanceof Error && 'code' in driver && typeof driver.code === 'string' && driver.code.length === 5
    ? driver.code
    : null;
}

const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : 'The request failed');
