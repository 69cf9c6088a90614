import { Inject } from '@nestjs/common';

/**
 * The service's own pino logger. Nest's static Logger is one per process (the last application wins), so in the standalone
 * process it would name the wrong service; everything of ours injects this one.
 */
export const LOGGER = Symbol('LOGGER');
export const InjectLogger = () => Inject(LOGGER);
