import { createPrivateKey, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { eventually } from '@gpubroker/testing/eventually';
import { forgedTokens, TokenSigner } from '@gpubroker/testing/tokens';
import { WebSocket } from 'ws';
import { apiOperations, type ApiOperation } from './support/api-operations';
import { Person } from './support/person';
import { PATIENCE, startProduct, urlOf, type Product } from './support/product';

let product: Product;
let gateway: string;
let operations: ApiOperation[];

beforeAll(async () => {
  product = await startProduct();
  gateway = product.standalone.gatewayUrl;
  await eventually(
    () => Promise.all(product.standalone.services.map(async ({ url }) => (await fetch(`${url}/health`)).ok)),
    (ready) => ready.every(Boolean),
    PATIENCE,
  );
  operations = await apiOperations(product);
});
afterAll(() => product.stop());

const withIds = (path: string, id: string) => path.replace(/\{[^}]+\}/g, id);

describe("another tenant's ids", () => {
  let ada: Person;
  /** What belongs to somebody else, by what it is. */
  let foreign: Record<string, string>;

  beforeAll(async () => {
    ada = await Person.register(gateway);
    const bob = await Person.register(gateway);
    const { uid, tenant_id, sid } = bob.claims;
    const invitation = await bob.ask('/api/v2/auth/invitations', {
      method: 'POST',
      body: { email: `${randomUUID()}@example.org` },
    });
    foreign = { user: uid, tenant: tenant_id, session: sid, invitation: (invitation.body as { id: string }).id };
  });

  it('are in at least the operations that are known to take ids', () => {
    const taking = operations.filter(({ ids }) => ids.length > 0).map(({ id }) => id);
    expect(taking).toEqual(
      expect.arrayContaining(['revokeInvitation', 'getUser', 'changeUser', 'getTenant', 'changeTenant', 'getAuditLog']),
    );
  });

  it('answer 404, and where a role is missing 403, with every operation that takes an id', async () => {
    const wrong: string[] = [];
    for (const { ids, method, path, body } of operations.filter((operation) => operation.ids.length > 0)) {
      const allowed = path.startsWith('/api/v2/admin/') ? [403] : [404];
      const unknown = await ada.ask(withIds(path, randomUUID()), { method, body });
      for (const [what, id] of Object.entries(foreign)) {
        const answer = await ada.ask(withIds(path, id), { method, body });
        const same = withoutTrace(answer.body) === withoutTrace(unknown.body);
        if (!allowed.includes(answer.status) || !same)
          wrong.push(
            `${method} ${path} (${ids.join()}) with the ${what}: ${answer.status} ${JSON.stringify(answer.body)}`,
          );
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are still there for their owner afterwards', async () => {
    const invitations = await ada.ask('/api/v2/auth/invitations');
    expect(JSON.stringify(invitations.body)).not.toContain(foreign.invitation);
  });
});

const withoutTrace = (body: unknown): string => JSON.stringify(body).replace(/"trace_id":"[^"]*"/, '');

describe('without a good token', () => {
  it('every operation that wants one answers 401', async () => {
    const wrong: string[] = [];
    for (const { method, path, body } of operations.filter(({ wantsToken }) => wantsToken)) {
      for (const authorization of [undefined, 'Bearer nonsense', 'Basic YTpi']) {
        const { status } = await fetch(new URL(withIds(path, randomUUID()), gateway), {
          method,
          headers: { ...(authorization && { authorization }), 'content-type': 'application/json' },
          ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
        });
        if (status !== 401) wrong.push(`${method} ${path} with ${String(authorization)}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('what is public stays public, and nothing else is', () => {
    expect(
      operations
        .filter(({ wantsToken }) => !wantsToken)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual([
      'GET /.well-known/jwks.json',
      'GET /api/v2/kpi/gpu/{gpu_type}',
      'GET /api/v2/kpi/insights/market',
      'GET /api/v2/kpi/kpis/gpu/{gpu_type}',
      'GET /api/v2/kpi/kpis/provider/{name}',
      'GET /api/v2/kpi/market-share',
      'GET /api/v2/kpi/overview',
      'GET /api/v2/kpi/price-distribution',
      'GET /api/v2/kpi/price-trend',
      'GET /api/v2/kpi/provider/{name}',
      'GET /api/v2/kpi/savings',
      'GET /api/v2/math/benchmarks',
      'GET /api/v2/math/benchmarks/{gpu_type}',
      'GET /api/v2/openapi.json',
      'GET /api/v2/providers',
      'GET /api/v2/providers/list',
      'GET /api/v2/providers/{offer_id}',
      'GET /api/v2/providers/{offer_id}/history',
      'GET /api/v2/recommendations/presets',
      'POST /api/v2/auth/invitations/accept',
      'POST /api/v2/auth/login',
      'POST /api/v2/auth/mfa/login',
      'POST /api/v2/auth/refresh',
      'POST /api/v2/auth/register',
    ]);
  });
});

describe('forged tokens', () => {
  it("are refused at the gateway, at each service's own port, and at both sockets", async () => {
    const pem = readFileSync(join(product.standalone.config.dataDirectory, 'auth', 'signing-key.rs256.pem'));
    const signer = new TokenSigner(createPrivateKey(pem));
    const doors = [
      new URL('/api/v2/auth/me', gateway),
      new URL('/api/v2/auth/me', urlOf(product.standalone, 'auth')),
      new URL('/api/v2/config/integrations', urlOf(product.standalone, 'providers')),
      new URL('/api/v2/admin/benchmarks', urlOf(product.standalone, 'math-core')),
    ];
    const sockets = [gateway, urlOf(product.standalone, 'ws-gateway')];
    const believed: string[] = [];
    let tried = 0;
    for (const [name, token] of await forgedTokens(signer)) {
      if (token.length > 12_000) continue;
      const headers = { authorization: `Bearer ${token}` };
      const statuses = [
        ...(await Promise.all(doors.map(async (url) => (await fetch(url, { headers })).status))),
        ...(await Promise.all(sockets.map((url) => upgrade(url, headers)))),
      ];
      tried += 1;
      if (statuses.some((status) => status !== 401)) believed.push(`${name}: ${statuses.join()}`);
    }
    expect(believed).toEqual([]);
    expect(tried).toBeGreaterThanOrEqual(80);
    // The key is the right one: what it signs rightly is believed.
    const headers = { authorization: `Bearer ${await signer.sign()}` };
    expect((await fetch(new URL('/api/v2/config/integrations', gateway), { headers })).status).toBe(200);
  });
});

/** Status that an upgrade is answered with. */
async function upgrade(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/`, { headers });
  socket.on('error', () => undefined);
  const status = await Promise.race([
    once(socket, 'unexpected-response').then(([, answer]) => (answer as IncomingMessage).statusCode ?? 0),
    once(socket, 'open').then(() => 101),
  ]);
  socket.terminate();
  return status;
}

describe('signing out', () => {
  it("is known at the gateway and at each service's own port within five seconds, and ends the sockets", async () => {
    const ada = await Person.register(gateway);
    const bob = await Person.register(gateway);
    const open = async (person: Person) => {
      const { ticket } = (await person.ask('/api/v2/ws/tickets', { method: 'POST' })).body as { ticket: string };
      const socket = new WebSocket(`${gateway.replace('http', 'ws')}/ws/?ticket=${ticket}`);
      await once(socket, 'open');
      return socket;
    };
    const [closing, staying] = [await open(ada), await open(bob)];
    const closed = once(closing, 'close');
    const mathCore = { at: urlOf(product.standalone, 'math-core') };
    // Signed in and not allowed: 403, not 401.
    expect((await ada.ask('/api/v2/admin/benchmarks', mathCore)).status).toBe(403);

    expect((await ada.ask('/api/v2/auth/logout', { method: 'POST', body: {} })).status).toBe(200);
    const begun = performance.now();
    const everywhere = async () => [
      (await ada.ask('/api/v2/auth/me')).status,
      (await ada.ask('/api/v2/config/integrations')).status,
      (await ada.ask('/api/v2/ws/tickets', { method: 'POST' })).status,
      (await ada.ask('/api/v2/auth/me', { at: urlOf(product.standalone, 'auth') })).status,
      (await ada.ask('/api/v2/config/integrations', { at: urlOf(product.standalone, 'providers') })).status,
      (await ada.ask('/api/v2/admin/benchmarks', mathCore)).status,
      await upgrade(urlOf(product.standalone, 'ws-gateway'), { authorization: `Bearer ${ada.token}` }),
    ];
    await eventually(everywhere, (statuses) => statuses.every((status) => status === 401));
    expect(await closed).toEqual([1008, Buffer.from('signed out')]);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect((await bob.ask('/api/v2/auth/me')).status).toBe(200);
    expect(staying.readyState).toBe(WebSocket.OPEN);
    staying.terminate();
  });
});
