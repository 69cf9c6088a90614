import { randomUUID } from 'node:crypto';
import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import { accessChanges, type AccessChange } from '@gpubroker/contracts/events';
import { newEvent } from '@gpubroker/events/outbox';
import { PostgresLogTransport } from '@gpubroker/events/postgres-log';
import { AccessChangeFeed, accessControl, tokenEnv, toTokenTrust } from '@gpubroker/platform/auth';
import { defineService, startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Pool } from 'pg';
import { SIGNER } from './signing';

@Controller('api/v2/doors')
class DoorsController {
  @Get('closed')
  closed(): { ok: true } {
    return { ok: true };
  }
}

@Module({})
class DoorsModule {}

const doors = defineService({
  name: 'doors',
  defaultPort: 0,
  env: tokenEnv,
  toConfig: (values) => toTokenTrust('doors', values),
  module: (trust): DynamicModule => ({
    module: DoorsModule,
    controllers: [DoorsController],
    providers: accessControl(() => trust),
  }),
});

let database: FreshDatabase;
let pool: Pool;
let log: PostgresLogTransport;
const running: RunningService[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  log = new PostgresLogTransport({ pool, directUrl: database.url });
});
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop();
});
afterAll(async () => {
  await log.close();
  await pool.end();
  await database.drop();
});

const start = async (env: Record<string, string> = { DATABASE_URL: database.url }) => {
  const service = await startService(doors, { DOORS_PORT: '0', LOG_LEVEL: 'warn', ...SIGNER.env, ...env }, silence);
  running.push(service);
  return service;
};
const said: string[] = [];
const silence = { logDestination: { write: (line: string) => void said.push(line) } };
const isListening = (service: RunningService) =>
  eventually(
    () => Promise.resolve(service.app.get(AccessChangeFeed).isListening),
    (listening) => listening,
  );
const announce = async (change: AccessChange) => {
  const { topic, key, payload, headers, id } = newEvent(accessChanges, change);
  await log.publish([{ topic, key, value: JSON.stringify(payload), headers: { ...headers, 'event-id': id } }]);
};
const statusAt = async ({ url }: RunningService, token: string) =>
  (await fetch(`${url}/api/v2/doors/closed`, { headers: { authorization: `Bearer ${token}` } })).status;
const refusedWithin = async (service: RunningService, token: string) => {
  const begun = performance.now();
  await eventually(
    () => statusAt(service, token),
    (status) => status === 401,
  );
  return performance.now() - begun;
};
const now = () => new Date().toISOString();

it('is known to every service within seconds: a session that ended, a user who may no more', async () => {
  const services = [await start(), await start()];
  for (const service of services) await isListening(service);
  const [out, banned, bystander] = [SIGNER.claims(), SIGNER.claims(), SIGNER.claims()];
  const tokens = await Promise.all([out, banned, bystander].map((claims) => SIGNER.sign({ claims })));
  for (const service of services) for (const token of tokens) expect(await statusAt(service, token)).toBe(200);

  await announce({ kind: 'session_ended', session_id: String(out.sid), user_id: String(out.uid), at: now() });
  await announce({
    kind: 'user_changed',
    user_id: String(banned.uid),
    is_active: false,
    tokens_not_before: null,
    at: now(),
  });
  for (const service of services) {
    expect(await refusedWithin(service, tokens[0]!)).toBeLessThan(5_000);
    expect(await refusedWithin(service, tokens[1]!)).toBeLessThan(5_000);
    expect(await statusAt(service, tokens[2]!)).toBe(200);
  }
});

it('is known to a service that starts afterwards', async () => {
  const claims = SIGNER.claims();
  await announce({ kind: 'session_ended', session_id: String(claims.sid), user_id: randomUUID(), at: now() });
  const token = await SIGNER.sign({ claims });
  expect(await refusedWithin(await start(), token)).toBeLessThan(5_000);
});

it('is not known where there is no event log, which the service says', async () => {
  const service = await start({});
  expect(await statusAt(service, await SIGNER.sign())).toBe(200);
  expect(service.app.get(AccessChangeFeed).isListening).toBe(false);
  expect(said.join('')).toContain('without an event log');
});
