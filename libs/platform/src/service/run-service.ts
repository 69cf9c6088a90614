import { ConfigError } from '../config/config-error';
import { redactText } from '../logging/redact';
import { startService, type RunningService } from './start-service';
import type { ServiceDefinition } from './service-definition';

/** A process that is one service: starts it, and stops it in order when told to. */
export async function runService<Own>(definition: ServiceDefinition<Own>): Promise<void> {
  try {
    endInOrder(await startService(definition, process.env));
  } catch (error) {
    console.error(startFailure(definition.name, error));
    process.exit(1);
  }
}

/** Handlers stay for good: a second signal (runners often pass on one that the terminal sent already) must not cut the first's grace. */
function endInOrder(running: RunningService): void {
  const end = (code: number) => {
    running.stop().then(
      () => process.exit(code),
      (error: unknown) => {
        running.logger.fatal({ err: error }, 'the service could not stop in order');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      end(0);
    });
  process.on('unhandledRejection', (error) => {
    running.logger.fatal({ err: error }, 'a promise failed and nobody was waiting for it');
    end(1);
  });
  process.on('uncaughtException', (error) => {
    running.logger.fatal({ err: error }, 'an error was thrown and nobody caught it');
    end(1);
  });
}

/** One sentence that says what to do, for the failures a person can mend; without secrets, connection strings hold some. */
export function startFailure(service: string, error: unknown): string {
  return redactText(describeFailure(service, error));
}

function describeFailure(service: string, error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'EADDRINUSE')
      return `${service} cannot start: its port is in use (${error.message}). Stop what listens there, or set another port.`;
    if (error.code === 'EACCES') return `${service} cannot start: not allowed (${error.message}).`;
    if (error.code === 'ENOSPC') return `${service} cannot start: the disk is full (${error.message}).`;
  }
  return `${service} cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
