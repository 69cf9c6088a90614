import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { ApiError } from './api-error';

/** The one body every failure is sent with (SPEC G3). */
export function errorEnvelope(error: ApiError, traceId: string): ErrorEnvelopeDto {
  const details = error.options.details ? [...error.options.details] : null;
  return { detail: error.message, error: { code: error.code, message: error.message, details, trace_id: traceId } };
}
