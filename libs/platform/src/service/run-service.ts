import { ConfigError } from '../config/config-error';
import { startService } from './start-service';
import type { ServiceDefinition } from './service-definition';

/** A process that is one service: starts it, and stops it in order when told to. */
export async function runService<Own>(definition: ServiceDefinition<Own>): Promise<void> {
  try {
    const running = await startService(definition, process.env);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void running.stop().then(() => process.exit(0)));
    process.on('unhandledRejection', (error) => {
      running.logger.fatal({ err: error }, 'a promise failed and nobody was waiting for it');
      void running.stop().finally(() => process.exit(1));
    });
  } catch (error) {
    console.error(startFailure(definition.name, error));
    process.exit(1);
  }
}

/** One sentence that says what to do, for the failures a person can mend. */
export function startFailure(service: string, error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'EADDRINUSE')
      return `${service} cannot start: its port is in use (${error.message}). Stop what listens there, or set another port.`;
    if (error.code === 'EACCES') return `${service} cannot start: not allowed (${error.message}).`;
    if (error.code === 'ENOSPC') return `${service} cannot start: the disk is full (${error.message}).`;
  }
  return `${service} cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
