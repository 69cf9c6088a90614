import type { ApiHeaderOptions } from '@nestjs/swagger';
import type { ErrorCode } from '@gpubroker/contracts/errors';

/** What every operation for somebody who is signed in can answer. */
export const BEARER_PROBLEMS: readonly ErrorCode[] = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'DB_UNAVAILABLE'];

/** SPEC A7: what a client may call itself. */
export const FINGERPRINT: ApiHeaderOptions = {
  name: 'X-Client-Fingerprint',
  required: false,
  description:
    'Any text that stays the same for this client. Sent at login, it binds the tokens: they are refused with another one and without.',
  example: 'b6f7c1d0-browser',
};
