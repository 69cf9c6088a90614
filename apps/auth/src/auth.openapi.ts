import { applyDecorators } from '@nestjs/common';
import { ApiResponse, type ApiHeaderOptions } from '@nestjs/swagger';
import { ERROR_CATALOG, ErrorEnvelopeDto, type ErrorCode } from '@gpubroker/contracts/errors';

/** The failures an operation can give. Codes that share a status are described together: OpenAPI knows one answer a status. */
export function ApiProblem(...codes: ErrorCode[]): MethodDecorator {
  const statuses = [...new Set(codes.map((code) => ERROR_CATALOG[code].status))];
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        type: ErrorEnvelopeDto,
        description: codes
          .filter((code) => ERROR_CATALOG[code].status === status)
          .map((code) => `${code}: ${ERROR_CATALOG[code].meaning}`)
          .join(' '),
      }),
    ),
  );
}

/** What every operation with a body can answer. */
export const BODY_PROBLEMS: readonly ErrorCode[] = [
  'MALFORMED_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_ERROR',
];

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
