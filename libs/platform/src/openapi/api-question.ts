import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { ErrorCode } from '@gpubroker/contracts/errors';
import { ApiProblem } from './api-problem';

const TOKEN_PROBLEMS = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SERVICE_UNAVAILABLE'] as const satisfies ErrorCode[];
/** What every operation with a body can answer. */
export const BODY_PROBLEMS = [
  'MALFORMED_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_ERROR',
] as const satisfies ErrorCode[];

/** An operation for signed-in callers: its token's failures, and further ones. */
export function ApiSignedIn(...further: ErrorCode[]): MethodDecorator {
  return applyDecorators(ApiBearerAuth(), ApiProblem(...TOKEN_PROBLEMS, ...further));
}

/** An operation for signed-in callers that takes a body: its token's and its body's failures, and further ones. */
export function ApiQuestion(...further: ErrorCode[]): MethodDecorator {
  return ApiSignedIn(...BODY_PROBLEMS, ...further);
}
