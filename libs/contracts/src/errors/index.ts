export { ERROR_CATALOG, ERROR_CODES, type ErrorCode } from './error-codes';
export { ErrorBodyDto, ErrorDetailDto, ErrorEnvelopeDto } from './error-envelope.dto';
