import { KafkaTransport } from '@gpubroker/events/kafka';
import { PostgresLogTransport } from '@gpubroker/events/postgres-log';
import type { EventObserver, EventTransport } from '@gpubroker/events/transport';
import { Pool } from 'pg';
import type { WsGatewayConfig } from '../ws-gateway.config';

/** The log that price changes come from, and what has to be closed with it. */
export interface EventLog {
  readonly transport: EventTransport;
  /** False while its database does not answer; null where it has none. */
  isDatabaseUp(): Promise<boolean | null>;
  close(): Promise<void>;
}

/** One for reading, one for a dead letter meanwhile; the subscription has a session of its own. */
const POOL_SIZE = 2;
const CONNECT_MS = 2_000;
const LAG_EVERY_MS = 2_000;

export function openEventLog(config: WsGatewayConfig, observer: EventObserver): EventLog {
  const { databaseUrl, databaseDirectUrl, kafkaBrokers } = config;
  const options = { observer, lagEveryMs: LAG_EVERY_MS };
  if (databaseUrl === null) {
    const transport = new KafkaTransport({ ...options, brokers: kafkaBrokers, clientId: 'ws-gateway' });
    return { transport, isDatabaseUp: () => Promise.resolve(null), close: () => transport.close() };
  }
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'gpubroker-ws-gateway',
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  });
  // An idle connection that the server ends is replaced at its next use; unheard, its error would end the process.
  pool.on('error', (error) => observer.connectionFailed?.('keep a connection to the event log', error));
  const transport = new PostgresLogTransport({ ...options, pool, directUrl: databaseDirectUrl ?? databaseUrl });
  return {
    transport,
    isDatabaseUp: () => answers(pool),
    close: async () => {
      await transport.close();
      await pool.end();
    },
  };
}

async function answers(pool: Pool): Promise<boolean> {
  try {
    await pool.query('SELECT 1');
    return true;
  } catch {
    return false;
  }
}
