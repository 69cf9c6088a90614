import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@gpubroker/persistence/embedded';
import type { StandaloneConfig } from './standalone.config';

const DATABASE_NAME = 'gpubroker';
const RESTART_PAUSE_MS = 5_000;

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
  const stopping = new AbortController();
  server.onUnexpectedExit(() => void revive(server, say, stopping.signal));
  return {
    url: server.url(DATABASE_NAME),
    description: `embedded PostgreSQL on port ${server.port}, data in ${server.dataDirectory}`,
    server,
    stop: () => {
      stopping.abort();
      return server.stop();
    },
  };
}

/** Until it runs or is no longer wanted: a server that was stopped on purpose refuses every restart. */
async function revive(server: EmbeddedPostgres, say: (line: string) => void, stopping: AbortSignal): Promise<void> {
  say('PostgreSQL ended unexpectedly, starting it again');
  while (!stopping.aborted) {
    try {
      await server.restart();
      say('PostgreSQL is back');
      return;
    } catch (error) {
      say(`PostgreSQL does not start: ${error instanceof Error ? error.message : String(error)}`);
      await sleep(RESTART_PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
