import { ERROR_CATALOG, type ErrorCode, type ErrorDetailDto } from '@gpubroker/contracts/errors';

export interface ApiErrorOptions {
  readonly details?: readonly ErrorDetailDto[];
  /** Seconds after which the caller may try again; travels as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A failure with a meaning for the caller. The thrower names the code; the edge derives the status from the catalog. */
export class ApiError extends Error {
  readonly isApiError = true;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly options: ApiErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ApiError';
  }

  get status(): number {
    return ERROR_CATALOG[this.code].status;
  }
}

export const isApiError = (error: unknown): error is ApiError => error instanceof Error && 'isApiError' in error;

/** 422 with one entry per bad field. */
export const validationError = (details: readonly ErrorDetailDto[]) =>
  new ApiError('VALIDATION_ERROR', 'Request validation failed', { details });
