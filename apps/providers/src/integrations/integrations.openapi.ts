import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse } from '@nestjs/swagger';
import { ERROR_CATALOG, ErrorEnvelopeDto, type ErrorCode } from '@gpubroker/contracts/errors';

const SIGNED_IN = [
  'UNAUTHENTICATED',
  'TOKEN_EXPIRED',
  'DB_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
] as const satisfies ErrorCode[];
export const BODY = [
  'MALFORMED_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_ERROR',
] as const satisfies ErrorCode[];

/** An operation for signed-in callers, with every failure it can give: those of one status in one description. */
export function ApiSignedIn(...further: ErrorCode[]): MethodDecorator {
  const byStatus = new Map<number, string[]>();
  for (const code of [...SIGNED_IN, ...further]) {
    const { status, meaning } = ERROR_CATALOG[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `${code}: ${meaning}`]);
  }
  const answers = [...byStatus].map(([status, meanings]) =>
    ApiResponse({ status, type: ErrorEnvelopeDto, description: meanings.join(' ') }),
  );
  return applyDecorators(ApiBearerAuth(), ...answers);
}
