import { KafkaTransport } from '@gpubroker/events/kafka';
import { PostgresLogTransport } from '@gpubroker/events/postgres-log';
import type { EventObserver, EventTransport } from '@gpubroker/events/transport';
import { Pool } from 'pg';
import type { EventLogConfig } from './event-log.env';

/** The log as a service uses it, with what has to be closed beside it. */
export interface EventLog {
  readonly transport: EventTransport;
  /** Whether the log's database answers; null where the log is not in one. */
  isDatabaseUp(): Promise<boolean | null>;
  close(): Promise<void>;
}

/** One for reading, one for a dead letter meanwhile; subscriptions have a session of their own. */
const POOL_SIZE = 2;
const CONNECT_MS = 2_000;
const LAG_EVERY_MS = 2_000;

/** The one place that chooses between the two fillings of the event transport (DESIGN section 5). */
export function openEventLog(service: string, config: EventLogConfig, observer: EventObserver): EventLog {
  const options = { observer, lagEveryMs: LAG_EVERY_MS };
  if (config.databaseUrl === null) {
    const transport = new KafkaTransport({ ...options, brokers: config.kafkaBrokers, clientId: service });
    return { transport, isDatabaseUp: () => Promise.resolve(null), close: () => transport.close() };
  }
  const pool = new Pool({
    connectionString: config.databaseUrl,
    application_name: `gpubroker-${service}-events`,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  });
  // An idle connection that the server ends is replaced at its next use; unheard, its error would end the process.
  pool.on('error', (error) => observer.connectionFailed?.('keep a connection to the event log', error));
  const transport = new PostgresLogTransport({
    ...options,
    pool,
    directUrl: config.databaseDirectUrl ?? config.databaseUrl,
  });
  return {
    transport,
    isDatabaseUp: () =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    close: async () => {
      await transport.close();
      await pool.end();
    },
  };
}
