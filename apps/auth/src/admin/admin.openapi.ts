import type { ErrorCode } from '@gpubroker/contracts/errors';

/** What every operation of an administrator can answer. */
export const READ_PROBLEMS: readonly ErrorCode[] = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'FORBIDDEN', 'DB_UNAVAILABLE'];

/** What every operation with a body can answer besides. */
export const BODY_PROBLEMS: readonly ErrorCode[] = [
  'MALFORMED_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_ERROR',
];
