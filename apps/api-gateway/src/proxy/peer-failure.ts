import { isBulkheadFullError, isCircuitOpenError } from '@gpubroker/circuit-breaker';
import { ApiError } from '@gpubroker/platform/errors';
import type { PeerName } from '../routing/peer-name';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
/** The HTTP client refused to write the request: the caller's doing. */
const UNWRITABLE = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED']);
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const RETRY_SECONDS = 2;

/** The caller hung up: nobody is left to answer, and nothing is said about the peer. */
export class CallerGoneError extends Error {
  override readonly name = 'CallerGoneError';
}

/** By shape and not by class: an error of Node's own may come from another realm. */
const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** May the call be made once more? Only where the first cannot have been carried out, or doing it twice is doing it once. */
export const isRepeatable = (method: string, error: unknown): boolean =>
  IDEMPOTENT.has(method) && LOST.has(codeOf(error));

/** Counts against the peer. */
export const speaksAgainstPeer = (error: unknown): boolean => !UNWRITABLE.has(codeOf(error));

/** What the caller may know of a failed call to a service. */
export function toGatewayError(peer: PeerName, error: unknown): ApiError {
  if (isCircuitOpenError(error)) return unavailable(peer, Math.max(1, Math.ceil(error.retryAfterMs / 1000)), error);
  if (isBulkheadFullError(error)) return unavailable(peer, 1, error);
  if (UNREACHABLE.has(codeOf(error))) return unavailable(peer, RETRY_SECONDS, error);
  if (UNWRITABLE.has(codeOf(error)))
    return new ApiError('MALFORMED_REQUEST', 'The request could not be read', { cause: error });
  return new ApiError('UPSTREAM_FAILED', `The ${peer} service did not answer`, { cause: error });
}

const unavailable = (peer: PeerName, retryAfterSeconds: number, cause: unknown) =>
  new ApiError('SERVICE_UNAVAILABLE', `The ${peer} service is not available`, { retryAfterSeconds, cause });
