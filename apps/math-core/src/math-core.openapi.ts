import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ERROR_CATALOG, ErrorEnvelopeDto, type ErrorCode } from '@gpubroker/contracts/errors';

/** The failures an operation can give, by code. */
export function ApiProblem(...codes: ErrorCode[]): MethodDecorator {
  return applyDecorators(
    ...codes.map((code) =>
      ApiResponse({
        status: ERROR_CATALOG[code].status,
        type: ErrorEnvelopeDto,
        description: `${code}: ${ERROR_CATALOG[code].meaning}`,
      }),
    ),
  );
}
