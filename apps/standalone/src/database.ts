import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@gpubroker/persistence/embedded';
import type { StandaloneConfig } from './standalone.config';

const DATABASE_NAME = 'gpubroker';
const RESTART_PAUSE_MS = 500;

export interface StandaloneDatabase {
  readonly url: string;
  readonly description: string;
  /** The embedded server; null with a PostgreSQL of one's own. */
  readonly server: EmbeddedPostgres | null;
  stop(): Promise<void>;
}

/** The embedded PostgreSQL, started again whenever it dies, or the one that DATABASE_URL names. */
export async function openDatabase(
  config: StandaloneConfig,
  say: (line: string) => void,
  log: (line: string) => void,
): Promise<StandaloneDatabase> {
  if (config.databaseUrl)
    return {
      url: config.databaseUrl,
      description: 'PostgreSQL of DATABASE_URL',
      server: null,
      stop: () => Promise.resolve(),
    };
  const server = await startEmbeddedPostgres({
    dataDirectory: config.databaseDirectory,
    port: config.postgresPort,
    log,
  });
  await server.createDatabase(DATABASE_NAME);
  server.onUnexpectedExit(() => void revive(server, say));
  return {
    url: server.url(DATABASE_NAME),
    description: `embedded PostgreSQL on port ${server.port}, data in ${server.dataDirectory}`,
    server,
    stop: () => server.stop(),
  };
}

async function revive(server: EmbeddedPostgres, say: (line: string) => void): Promise<void> {
  say('PostgreSQL ended unexpectedly, starting it again');
  for (;;) {
    try {
      await server.restart();
      say('PostgreSQL is back');
      return;
    } catch (error) {
      say(`PostgreSQL does not start: ${error instanceof Error ? error.message : String(error)}`);
      await sleep(RESTART_PAUSE_MS * 10);
    }
  }
}
