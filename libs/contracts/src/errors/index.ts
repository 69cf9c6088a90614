export { ERROR_CATALOG, ERROR_CODES, type ErrorCode } from './error-codes';
