import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { providerSyncs } from '@gpubroker/contracts/events';
import { newEvent } from '@gpubroker/events/outbox';
import { PostgresLogTransport } from '@gpubroker/events/postgres-log';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Pool } from 'pg';
import type { Route } from '../src/routing/route-table';
import { startGateway, Upstream, type Gateway } from './gateway';

const ROUTES: readonly Route[] = [
  { prefix: '/api/v2/providers', peer: 'providers', access: 'public', body: 'standard', keepList: true },
];

describe('the bytes of a public list', () => {
  let database: FreshDatabase;
  let pool: Pool;
  let log: PostgresLogTransport;
  let upstream: Upstream;
  let gateway: Gateway;
  let body = '';

  beforeEach(async () => {
    database = await freshDatabase();
    pool = new Pool({ connectionString: database.url });
    log = new PostgresLogTransport({ pool, directUrl: database.url });
    upstream = await Upstream.start((_request, response) => {
      list(response, body);
    });
    body = randomUUID();
  });

  afterEach(async () => {
    await gateway.end();
    await upstream.stop();
    await log.close();
    await pool.end();
    await database.drop();
  });

  const start = async (env: Record<string, string> = { DATABASE_URL: database.url }) => {
    gateway = await startGateway({ PROVIDERS_URL: upstream.url, RATE_LIMIT_IP_PER_MINUTE: '100000', ...env }, ROUTES);
  };
  const get = (query = '', headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}/api/v2/providers${query}`, { headers });
  const isKept = async () => {
    const before = upstream.seen.length;
    await (await get()).text();
    return upstream.seen.length === before;
  };
  const announce = async () => {
    const { topic, key, payload, headers, id } = newEvent(providerSyncs, {
      provider: 'vastai',
      ok: true,
      latency_ms: 1,
      offers: 1,
      status: 'ok',
      at: new Date().toISOString(),
    });
    await log.publish([{ topic, key, value: JSON.stringify(payload), headers: { ...headers, 'event-id': id } }]);
  };

  it('are asked for once and then given from memory, headers and limits included', async () => {
    await start();
    await eventually(isKept, (kept) => kept);
    const kept = await get();
    expect(await kept.text()).toBe(body);
    expect(kept.headers.get('etag')).toBe(`"${body}"`);
    expect(kept.headers.get('ratelimit-limit')).not.toBeNull();
    expect(kept.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('are dropped by an offer event', async () => {
    await start();
    await eventually(isKept, (kept) => kept);
    body = randomUUID();
    await announce();
    await eventually(
      async () => (await get()).text(),
      (text) => text === body,
    );
  });

  it('are kept for a moment only: what no event tells shows all the same', async () => {
    await start();
    await eventually(isKept, (kept) => kept);
    body = randomUUID();
    await eventually(
      async () => (await get()).text(),
      (text) => text === body,
      { timeoutMs: 10_000 },
    );
  });

  it('answer 304 to who has them', async () => {
    await start();
    await eventually(isKept, (kept) => kept);
    // Kept for a moment only, and the machine may be slow.
    const unchanged = await eventually(
      async () => {
        await (await get()).text();
        return get('', { 'if-none-match': `"${body}"` });
      },
      ({ status }) => status === 304,
    );
    expect(await unchanged.text()).toBe('');
  });

  it('are not given for a question that only begins like theirs', async () => {
    upstream.handler = (request, response) => {
      list(response, request.url ?? '');
    };
    await start();
    await eventually(isKept, (kept) => kept);
    for (const query of ['?gpu_type=h100', '?gpu_type=h100?x', '?gpu_type=%fe', '?gpu_type=%ff', '?gpu_type=h100&x='])
      expect(await (await get(query)).text()).toBe(`/api/v2/providers${query}`);
  });

  it('are not kept for questions with a token, below the list, or that failed', async () => {
    await start();
    await eventually(isKept, (kept) => kept);
    const asked = upstream.seen.length;
    await (await get('', { authorization: 'Bearer x' })).text();
    await (await get('/some-offer')).text();
    await (await get('/some-offer')).text();
    upstream.handler = (_request, response) => response.writeHead(422).end('{}');
    await (await get('?bad=1')).text();
    await (await get('?bad=1')).text();
    expect(upstream.seen.length - asked).toBe(5);
  });

  it('are not kept at all without an event log', async () => {
    await start({});
    for (let time = 0; time < 3; time += 1) await (await get()).text();
    expect(upstream.seen).toHaveLength(3);
  });
});

function list(response: ServerResponse, body: string): void {
  response
    .writeHead(200, {
      'content-type': 'application/json',
      etag: `"${body}"`,
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}
