export { createLogger, type LoggerOptions } from './create-logger';
export { InjectLogger, LOGGER } from './logger.token';
export { redactText } from './redact';
