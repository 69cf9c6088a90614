import { offers, priceUpdates, type OfferState, type PriceUpdate } from '@gpubroker/contracts/events';
import { newEvent, type NewEvent } from '@gpubroker/events/outbox';
import { PostgresLogTransport } from '@gpubroker/events/postgres-log';
import type { EventRecord } from '@gpubroker/events/transport';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Pool } from 'pg';
import type { ClientOptions } from 'ws';
import { wsGatewayService } from '../src';
import { Client } from './client';
import { eventually } from './eventually';

export interface Replica extends RunningService {
  readonly socketUrl: string;
  readonly log: string[];
}

/** A log in a database of its own, replicas that follow it, and clients; all of them end together. */
export class PriceFeed {
  private readonly replicas: Replica[] = [];
  private readonly clients: Client[] = [];
  readonly transport: PostgresLogTransport;

  private constructor(
    readonly database: FreshDatabase,
    readonly pool: Pool,
  ) {
    this.transport = new PostgresLogTransport({ pool, directUrl: database.url });
  }

  static async open(): Promise<PriceFeed> {
    const database = await freshDatabase();
    const pool = new Pool({ connectionString: database.url, max: 4 });
    pool.on('error', () => undefined);
    return new PriceFeed(database, pool);
  }

  /** @param ready false: does not wait for the feed to be attached */
  async start(env: Record<string, string> = {}, { ready = true } = {}): Promise<Replica> {
    const log: string[] = [];
    const running = await startService(
      wsGatewayService,
      { NODE_ENV: 'test', WS_GATEWAY_PORT: '0', DATABASE_URL: this.database.url, ...env },
      { logDestination: { write: (line: string) => void log.push(line) } },
    );
    const replica = { ...running, log, socketUrl: `${running.url.replace('http', 'ws')}/ws/` };
    this.replicas.push(replica);
    if (ready) await eventually(async () => expect((await fetch(`${running.url}/health`)).status).toBe(200));
    return replica;
  }

  async connect(replica: Pick<Replica, 'socketUrl'>, options: ClientOptions = {}): Promise<Client> {
    const client = await Client.open(replica.socketUrl, options);
    this.clients.push(client);
    return client;
  }

  /** Appends to the log, as the relay of providers does. */
  async publish(...updates: readonly PriceUpdate[]): Promise<void> {
    await this.transport.publish(
      updates.map((update) => record(newEvent(priceUpdates, update, { id: update.event_id }))),
    );
  }

  async publishOffers(...states: readonly OfferState[]): Promise<void> {
    await this.transport.publish(states.map((state) => record(newEvent(offers, state))));
  }

  /** Ends clients and replicas; the log stays. */
  async clear(): Promise<void> {
    for (const client of this.clients.splice(0)) client.drop();
    await Promise.all(this.replicas.splice(0).map((replica) => replica.stop()));
  }

  async close(): Promise<void> {
    await this.clear();
    await this.transport.close();
    await this.pool.end();
    await this.database.drop();
  }
}

function record(event: NewEvent): EventRecord {
  return {
    topic: event.topic,
    key: event.key,
    value: JSON.stringify(event.payload),
    headers: { ...event.headers, 'event-id': event.id },
  };
}

/** The value of one sample of /metrics. */
export async function metric(replica: Pick<Replica, 'url'>, sample: string): Promise<number> {
  const text = await (await fetch(`${replica.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(sample));
  if (line === undefined) throw new Error(`no sample ${sample} in /metrics`);
  return Number(line.split(' ').at(-1));
}
