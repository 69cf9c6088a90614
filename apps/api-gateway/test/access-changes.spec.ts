import { accessChanges, type AccessChange } from '@gpubroker/contracts/events';
import { newEvent } from '@gpubroker/events/outbox';
import { PostgresLogTransport } from '@gpubroker/events/postgres-log';
import { AccessChangeFeed } from '@gpubroker/platform/auth';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { TokenSigner } from '@gpubroker/testing/tokens';
import { Pool } from 'pg';
import { startGateway, Upstream, type Gateway } from './gateway';

const signer = TokenSigner.withNewKey();
let database: FreshDatabase;
let pool: Pool;
let log: PostgresLogTransport;
let upstream: Upstream;
let gateway: Gateway;
/** What auth says of the caller's tenant. */
let profile: string;

beforeAll(async () => {
  database = await freshDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  log = new PostgresLogTransport({ pool, directUrl: database.url });
  upstream = await Upstream.start((request, response) => {
    response.end(request.url === '/api/v2/auth/me' ? profile : 'ok');
  });
});
beforeEach(async () => {
  profile = 'not JSON';
  const urls = { PROVIDERS_URL: upstream.url, MATH_CORE_URL: upstream.url, AUTH_URL: upstream.url };
  gateway = await startGateway({ ...signer.env, ...urls, DATABASE_URL: database.url });
  await eventually(
    () => Promise.resolve(gateway.app.get(AccessChangeFeed).isListening),
    (listening) => listening,
  );
});
afterEach(() => gateway.end());
afterAll(async () => {
  await upstream.stop();
  await log.close();
  await pool.end();
  await database.drop();
});

const ask = async (token: string, headers: Record<string, string> = {}) => {
  const answer = await gateway.client.request({
    method: 'GET',
    path: '/api/v2/providers',
    headers: { ...headers, authorization: `Bearer ${token}` },
  });
  await answer.body.dump();
  return { status: answer.statusCode, limit: answer.headers['ratelimit-limit'] };
};
const announce = async (change: AccessChange) => {
  const { topic, key, payload, headers, id } = newEvent(accessChanges, change);
  await log.publish([{ topic, key, value: JSON.stringify(payload), headers: { ...headers, 'event-id': id } }]);
};
const limitBecomes = async (token: string, limit: string | undefined, headers: Record<string, string> = {}) => {
  const begun = performance.now();
  await eventually(
    () => ask(token, headers),
    (answer) => answer.limit === limit,
  );
  return performance.now() - begun;
};
const tenantOf = (claims: Record<string, unknown>, rps: number, active = true): AccessChange => ({
  kind: 'tenant_changed',
  tenant_id: String(claims.tenant_id),
  plan: 'free',
  rate_limit_rps: rps,
  ws_limit: 5,
  is_active: active,
  at: new Date().toISOString(),
});

it('gives a tenant the numbers that auth has of it, asked with all that speaks for the caller', async () => {
  profile = JSON.stringify({ tenant: { rate_limit_rps: 42, ws_limit: 9 } });
  const token = await signer.sign();
  expect(await limitBecomes(token, '42', { 'x-client-fingerprint': 'f1' })).toBeLessThan(5_000);
  const asked = upstream.seen.find(({ url }) => url === '/api/v2/auth/me');
  expect(asked?.headers).toMatchObject({ authorization: `Bearer ${token}`, 'x-client-fingerprint': 'f1' });
});

it('goes by the plan while auth does not say', async () => {
  expect((await ask(await signer.sign({ claims: { plan: 'pro' } }))).limit).toBe('100');
});

it("follows an admin's change within five seconds, down to nothing", async () => {
  const claims = signer.claims();
  const token = await signer.sign({ claims });
  expect((await ask(token)).limit).toBe('10');
  await announce(tenantOf(claims, 77));
  expect(await limitBecomes(token, '77')).toBeLessThan(5_000);
  await announce(tenantOf(claims, 0));
  expect(await limitBecomes(token, '0')).toBeLessThan(5_000);
  expect((await ask(token)).status).toBe(429);
});

it('believes a token no more once its session has ended, and counts its bearer by address again', async () => {
  const claims = signer.claims();
  const token = await signer.sign({ claims });
  expect((await ask(token)).limit).toBe('10');
  await announce({
    kind: 'session_ended',
    session_id: String(claims.sid),
    user_id: String(claims.uid),
    at: new Date().toISOString(),
  });
  expect(await limitBecomes(token, undefined)).toBeLessThan(5_000);
});
