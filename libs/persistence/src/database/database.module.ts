import { Inject, Logger, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database';
import { applicationNameOf, type DatabaseDefinition } from './database-definition';
import { DirectConnection } from './direct-connection';

/** A start waits this long for a server that is coming up; then the service starts without it. */
const FIRST_CONNECTION_MS = 2_000;

@Module({})
class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DirectConnection) private readonly direct: DirectConnection,
  ) {}

  /** The last stage of Nest's shutdown: requests are answered, workers must have stopped before. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.direct.close(), this.database.close()]);
  }
}

/** Gives a service's whole application `Database` and `DirectConnection` to inject. */
export function databaseModule(definition: DatabaseDefinition): DynamicModule {
  return {
    module: DatabaseModule,
    global: true,
    providers: [
      { provide: Database, useFactory: () => openDatabase(definition) },
      { provide: DirectConnection, useFactory: () => openDirectConnection(definition) },
    ],
    exports: [Database, DirectConnection],
  };
}

async function openDatabase(definition: DatabaseDefinition): Promise<Database> {
  const logger = new Logger(Database.name);
  const database = await Database.open(definition, (error) => {
    logger.warn(`Database not available, trying again: ${messageOf(error)}`);
  });
  await database.whenReady(FIRST_CONNECTION_MS).catch(() => undefined);
  return database;
}

function openDirectConnection(definition: DatabaseDefinition): DirectConnection {
  const logger = new Logger(DirectConnection.name);
  return new DirectConnection({
    url: definition.directUrl ?? definition.url,
    applicationName: applicationNameOf(definition),
    onError: (error) => {
      logger.warn(`Direct connection lost, trying again: ${messageOf(error)}`);
    },
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
