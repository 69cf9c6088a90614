import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
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
