import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { ErrorCode } from '@gpubroker/contracts/errors';
import { ApiProblem } from '@gpubroker/platform/openapi';

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
