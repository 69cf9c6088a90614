/**
 * A consumer as kpi is one: it folds price changes into a table of its own, in one transaction with the inbox, and may die
 * at any moment. Every delivery is counted outside that transaction, so that repeated ones show.
 */
import { Module } from '@nestjs/common';
import { priceUpdates, type PriceUpdate } from '@gpubroker/contracts/events';
import { EventHandlers, EventServer, OnEvent, type EventContext } from '@gpubroker/events/handlers';
import { Inbox, inboxMigrationSql } from '@gpubroker/events/inbox';
import { PermanentEventError } from '@gpubroker/events/transport';
import { eventLogEnv, openEventLog, eventObserver, toEventLogConfig } from '@gpubroker/platform/events';
import { HealthRegistry } from '@gpubroker/platform/health';
import { LOGGER } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import { defineService, runService } from '@gpubroker/platform/service';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';

const GROUP = 'kpi-like';
/** One transaction, one member at a time: of two that create at once, `IF NOT EXISTS` fails for the second. */
const SCHEMA = [
  "SELECT pg_advisory_xact_lock(hashtextextended('kpi_like', 0))",
  'CREATE SCHEMA IF NOT EXISTS kpi_like',
  ...inboxMigrationSql('kpi_like').up,
  `CREATE TABLE IF NOT EXISTS kpi_like.handled (
     position bigint GENERATED ALWAYS AS IDENTITY, event_id uuid NOT NULL, offer_id uuid NOT NULL,
     price numeric NOT NULL, availability text NOT NULL, member text NOT NULL)`,
  'CREATE TABLE IF NOT EXISTS kpi_like.deliveries (event_id uuid NOT NULL, member text NOT NULL)',
];

class ConsumerConfig {
  readonly databaseUrl!: string;
  readonly member!: string;
  /** Its events cannot be handled. */
  readonly poisonOffer!: string | undefined;
}

@EventHandlers()
class PriceEvents {
  private readonly inbox = new Inbox('kpi_like', GROUP);

  constructor(
    private readonly pool: Pool,
    private readonly config: ConsumerConfig,
  ) {}

  @OnEvent(priceUpdates)
  async onPriceUpdate(update: PriceUpdate, { event }: EventContext): Promise<void> {
    const { member, poisonOffer } = this.config;
    await this.pool.query('INSERT INTO kpi_like.deliveries VALUES ($1, $2)', [event.id, member]);
    if (update.offer_id === poisonOffer) throw new PermanentEventError('this offer cannot be handled');
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await this.inbox.onceOnly(client, event.id, async () => {
        await client.query(
          'INSERT INTO kpi_like.handled (event_id, offer_id, price, availability, member) VALUES ($1, $2, $3, $4, $5)',
          [event.id, update.offer_id, update.new_price, update.availability_status, member],
        );
      });
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }
}

@Module({})
class ConsumerModule {}

void runService(
  defineService({
    name: 'price-consumer',
    defaultPort: 8199,
    env: {
      ...eventLogEnv,
      DATABASE_URL: z.url(),
      CONSUMER_MEMBER: z.string().default('only'),
      CONSUMER_POISON_OFFER: z.string().optional(),
    },
    toConfig: (values) => ({
      databaseUrl: values.DATABASE_URL,
      member: values.CONSUMER_MEMBER,
      poisonOffer: values.CONSUMER_POISON_OFFER,
      eventLog: toEventLogConfig(values, values.DATABASE_URL),
    }),
    module: (config) => ({
      module: ConsumerModule,
      controllers: [PriceEvents],
      providers: [
        { provide: ConsumerConfig, useValue: config },
        { provide: Pool, useValue: new Pool({ connectionString: config.databaseUrl, max: 4 }) },
      ],
    }),
    beforeListen: async (app, config) => {
      const pool = app.get(Pool);
      await pool.query(SCHEMA.join(';\n'));
      const log = openEventLog(
        'price-consumer',
        config.eventLog,
        eventObserver(app.get(ServiceMetrics), app.get<Logger>(LOGGER)),
      );
      const server = new EventServer({ transport: log.transport, group: GROUP });
      app.get(HealthRegistry).add({
        name: 'events',
        critical: () => true,
        check: () => ({ up: log.transport.health().subscriptions.some(({ state }) => state === 'running') }),
      });
      app.connectMicroservice({ strategy: server });
      await app.startAllMicroservices();
    },
  }),
);
