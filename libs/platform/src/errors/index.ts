export { ApiError, isApiError, validationError, type ApiErrorOptions } from './api-error';
export { errorEnvelope } from './error-envelope';
export { ErrorEnvelopeFilter } from './error-envelope.filter';
export { toApiError } from './to-api-error';
