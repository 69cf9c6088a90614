import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse } from '@nestjs/swagger';
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

const TOKEN_PROBLEMS = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SERVICE_UNAVAILABLE'] as const satisfies ErrorCode[];
const BODY_PROBLEMS = [
  'MALFORMED_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_ERROR',
] as const satisfies ErrorCode[];

/** An operation for signed-in callers that takes a body: its token's and its body's failures, and further ones. */
export function ApiQuestion(...further: ErrorCode[]): MethodDecorator {
  return applyDecorators(ApiBearerAuth(), ApiProblem(...TOKEN_PROBLEMS, ...BODY_PROBLEMS, ...further));
}
