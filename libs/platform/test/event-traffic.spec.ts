import { randomUUID } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { accessChanges, type AccessChange } from '@gpubroker/contracts/events';
import { EventHandlers, OnEvent } from '@gpubroker/events/handlers';
import { appendToOutbox, newEvent, outboxMigrationSql } from '@gpubroker/events/outbox';
import { OutboxRelay } from '@gpubroker/events/relay';
import {
  EventFollower,
  eventFollower,
  eventLog,
  eventLogEnv,
  outboxRelay,
  toEventLogConfig,
  type EventLogConfig,
} from '@gpubroker/platform/events';
import { defineService, startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Pool } from 'pg';

const SCHEMA = 'echo';
const heard: AccessChange[] = [];

@EventHandlers()
class EchoHandlers {
  @OnEvent(accessChanges)
  onChange(change: AccessChange): void {
    heard.push(change);
  }
}

@Module({})
class EchoModule {}

/** Hears what it says itself. */
const echoService = (degradedUntilFollowing: boolean) =>
  defineService({
    name: 'echo',
    defaultPort: 0,
    env: eventLogEnv,
    toConfig: (values) => toEventLogConfig(values, null),
    module: (config: EventLogConfig): DynamicModule => ({
      module: EchoModule,
      controllers: [EchoHandlers],
      providers: [
        eventLog('echo', config),
        outboxRelay(SCHEMA, config.databaseDirectUrl ?? ''),
        eventFollower({ group: 'echo', degradedUntilFollowing }),
      ],
    }),
    beforeListen: (app) => {
      app.get(EventFollower).serve(app);
    },
  });

let database: FreshDatabase;
let pool: Pool;
let service: RunningService;

beforeAll(async () => {
  database = await freshDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  for (const sql of [`CREATE SCHEMA ${SCHEMA}`, ...outboxMigrationSql(SCHEMA).up]) await pool.query(sql);
});
afterEach(async () => {
  await service.app.get(OutboxRelay).stop();
  await service.app.get(EventFollower).stop();
  await service.stop();
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const start = async (degradedUntilFollowing = false) => {
  const env = { ECHO_PORT: '0', LOG_LEVEL: 'warn', DATABASE_URL: database.url };
  service = await startService(echoService(degradedUntilFollowing), env);
};
const health = async () => (await fetch(`${service.url}/health`)).json() as Promise<{ events: string; status: string }>;

it('carries an event from the outbox to the handler, once, however often following is asked for', async () => {
  await start();
  const change: AccessChange = {
    kind: 'session_ended',
    session_id: randomUUID(),
    user_id: randomUUID(),
    at: new Date().toISOString(),
  };
  await appendToOutbox(pool, SCHEMA, [newEvent(accessChanges, change)]);
  const follower = service.app.get(EventFollower);
  await Promise.all([follower.follow(), follower.follow()]);
  service.app.get(OutboxRelay).start();
  await eventually(
    () => Promise.resolve(heard),
    ({ length }) => length > 0,
  );
  expect(heard).toEqual([change]);
});

it('is able before it follows the log', async () => {
  await start();
  expect(await health()).toMatchObject({ status: 'ok', events: 'up' });
});

it('is degraded until it follows the log where its answers are told from it', async () => {
  await start(true);
  expect(await health()).toMatchObject({ status: 'degraded', events: 'down' });
  await service.app.get(EventFollower).follow();
  await eventually(health, ({ status }) => status === 'ok');
});
