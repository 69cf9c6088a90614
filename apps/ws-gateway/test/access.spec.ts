import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { accessChanges, type AccessChange } from '@gpubroker/contracts/events';
import type { SocketTicketDto } from '@gpubroker/contracts/sockets';
import { newEvent } from '@gpubroker/events/outbox';
import { AccessChangeFeed } from '@gpubroker/platform/auth';
import { forgedTokens, TokenSigner } from '@gpubroker/testing/tokens';
import { eventually } from './eventually';
import { refusal } from './client';
import { PriceFeed, type Replica } from './price-feed';

const signer = TokenSigner.withNewKey();
let feed: PriceFeed;
let auth: Server;
/** What auth answers to /auth/me. */
let profile: string;

beforeAll(async () => {
  feed = await PriceFeed.open();
  auth = createServer((_request, response) => response.end(profile));
  auth.listen(0, '127.0.0.1');
  await once(auth, 'listening');
});
beforeEach(() => {
  profile = 'not JSON';
});
afterEach(() => feed.clear());
afterAll(async () => {
  auth.close();
  await feed.close();
});

const start = async (env: Record<string, string> = {}) => {
  const AUTH_URL = `http://127.0.0.1:${(auth.address() as AddressInfo).port}`;
  const replica = await feed.start({ ...signer.env, AUTH_URL, ...env });
  await eventually(() => expect(replica.app.get(AccessChangeFeed).isListening).toBe(true));
  return replica;
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const open = (replica: Replica, token: string) => feed.connect(replica, { headers: bearer(token) });
const ticketFor = async (replica: Replica, token: string) => {
  const answer = await fetch(`${replica.url}/api/v2/ws/tickets`, { method: 'POST', headers: bearer(token) });
  expect(answer.status).toBe(201);
  return (await answer.json()) as SocketTicketDto;
};
const openByTicket = (replica: Replica, ticket: string) =>
  feed.connect({ socketUrl: `${replica.socketUrl}?ticket=${ticket}` });
const announce = async (change: AccessChange) => {
  const { topic, key, payload, headers, id } = newEvent(accessChanges, change);
  await feed.transport.publish([
    { topic, key, value: JSON.stringify(payload), headers: { ...headers, 'event-id': id } },
  ]);
};

describe('a socket with a token', () => {
  it('is opened, and counted on its tenant and not on its address', async () => {
    const replica = await start({ WS_ANONYMOUS_PER_IP: '1' });
    const token = await signer.sign();
    for (let count = 0; count < 5; count += 1) await open(replica, token);
    expect(await refusal(replica.socketUrl, bearer(token))).toMatchObject({
      status: 429,
      body: { error: { code: 'RATE_LIMITED' } },
    });
    await feed.connect(replica);
    expect((await refusal(replica.socketUrl)).status).toBe(429);
  });

  it('has as many as auth says, for all users of the tenant together', async () => {
    profile = JSON.stringify({ tenant: { rate_limit_rps: 10, ws_limit: 2 } });
    const replica = await start();
    const tenant = { claims: { tenant_id: randomUUID() } };
    const first = await open(replica, await signer.sign(tenant));
    await open(replica, await signer.sign(tenant));
    expect((await refusal(replica.socketUrl, bearer(await signer.sign(tenant)))).status).toBe(429);
    first.drop();
    await eventually(async () => {
      await open(replica, await signer.sign(tenant));
    });
  });

  it('is refused with a bad one before the switch of protocols, whatever is wrong with it', async () => {
    const replica = await start();
    const answers = new Map<string, number>();
    for (const [name, token] of await forgedTokens(signer))
      if (token.length < 12_000) answers.set(name, (await refusal(replica.socketUrl, bearer(token))).status);
    expect([...answers].filter(([, status]) => status !== 401)).toEqual([]);
    expect(answers.size).toBeGreaterThanOrEqual(80);
  });

  it('ends when the token runs out', async () => {
    const replica = await start();
    const iat = Math.floor(Date.now() / 1000) - 897;
    const client = await open(replica, await signer.sign({ claims: { iat, exp: iat + 900 } }));
    expect(await client.end()).toEqual({ code: 1008, reason: 'the token has expired' });
  });
});

describe('a ticket', () => {
  it('opens one socket, for whoever holds it', async () => {
    const replica = await start();
    const { ticket, expires_in } = await ticketFor(replica, await signer.sign());
    expect(expires_in).toBe(30);
    const client = await openByTicket(replica, ticket);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    expect(await refusal(`${replica.socketUrl}?ticket=${ticket}`)).toMatchObject({
      status: 401,
      body: { error: { code: 'UNAUTHENTICATED' } },
    });
  });

  it('opens one of fifty sockets that want it at once', async () => {
    const replica = await start();
    const { ticket } = await ticketFor(replica, await signer.sign());
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => openByTicket(replica, ticket)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('counts on the tenant that asked for it', async () => {
    const replica = await start();
    const token = await signer.sign();
    for (let count = 0; count < 5; count += 1) await openByTicket(replica, (await ticketFor(replica, token)).ticket);
    const { ticket } = await ticketFor(replica, token);
    expect((await refusal(`${replica.socketUrl}?ticket=${ticket}`)).status).toBe(429);
  });

  it.each(['', 'nonsense', 'x'.repeat(2_000), 'a&ticket=b'])('that is none (%p) is refused', async (ticket) => {
    const replica = await start();
    expect((await refusal(`${replica.socketUrl}?ticket=${ticket}`)).status).toBe(401);
  });

  it('is not given without a token', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/api/v2/ws/tickets`, { method: 'POST' })).status).toBe(401);
    const headers = bearer(await signer.sign({}, 'refresh'));
    expect((await fetch(`${url}/api/v2/ws/tickets`, { method: 'POST', headers })).status).toBe(401);
  });

  it('is worth nothing after a log-out, and shows in no log', async () => {
    const replica = await start({ LOG_LEVEL: 'info' });
    const claims = signer.claims();
    const { ticket } = await ticketFor(replica, await signer.sign({ claims }));
    await announce(sessionEnded(claims));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await refusal(`${replica.socketUrl}?ticket=${ticket}`)).status).toBe(401);
    expect(replica.log.join('')).not.toContain(ticket);
  });
});

const sessionEnded = (claims: Record<string, unknown>): AccessChange => ({
  kind: 'session_ended',
  session_id: String(claims.sid),
  user_id: String(claims.uid),
  at: new Date().toISOString(),
});

describe('open sockets', () => {
  it('end within five seconds of the log-out or the ban, at every replica, and nobody else does', async () => {
    const replicas = [await start(), await start()] as const;
    const [out, banned, bystander] = [signer.claims(), signer.claims(), signer.claims()];
    const ending = [
      await open(replicas[0], await signer.sign({ claims: out })),
      await open(replicas[1], await signer.sign({ claims: out })),
      await open(replicas[0], await signer.sign({ claims: banned })),
      await open(replicas[1], await signer.sign({ claims: banned })),
    ];
    const staying = [
      await open(replicas[0], await signer.sign({ claims: bystander })),
      await feed.connect(replicas[1]),
    ];
    const begun = performance.now();
    await announce(sessionEnded(out));
    await announce({
      kind: 'user_changed',
      user_id: String(banned.uid),
      is_active: false,
      tokens_not_before: null,
      at: new Date().toISOString(),
    });
    for (const client of ending) expect(await client.end()).toEqual({ code: 1008, reason: 'signed out' });
    expect(performance.now() - begun).toBeLessThan(5_000);
    for (const client of staying) expect(client.closed).toBeNull();
  });
});
