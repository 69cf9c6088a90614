import type { LoggerService } from '@nestjs/common';
import { Logger as NestPinoLogger, type PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';

/**
 * Nest's own lines through the service's logger. nestjs-pino's PinoLogger keeps one out-of-request logger per process (the
 * first service wins), so in the standalone process it is given ours, which has the same level methods, in its place.
 * Below debug only warnings pass: Nest's route listing is noise to whoever runs the product.
 */
export function nestLogger(logger: Logger): LoggerService {
  const own = logger.isLevelEnabled('debug')
    ? logger
    : logger.child({}, { level: logger.isLevelEnabled('warn') ? 'warn' : logger.level });
  return new NestPinoLogger(own as unknown as PinoLogger, {});
}
