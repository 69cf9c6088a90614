import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ERROR_CATALOG, ErrorEnvelopeDto, type ErrorCode } from '@gpubroker/contracts/errors';

/** The failures an operation can give, by code. */
function ApiProblem(...codes: ErrorCode[]): MethodDecorator {
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

interface FigureOptions {
  readonly operationId: string;
  readonly summary: string;
  readonly type: new () => object;
  /** Beside DB_UNAVAILABLE, which every figure can give. */
  readonly problems?: readonly ErrorCode[];
  readonly deprecated?: true;
}

/** One question about the market, as the API document shows it. */
export function ApiFigure({ type, problems = [], ...operation }: FigureOptions): MethodDecorator {
  return applyDecorators(
    ApiOperation(operation),
    ApiOkResponse({ type }),
    ApiProblem(...problems, 'DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE'),
  );
}
