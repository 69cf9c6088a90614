import { gzipSync } from 'node:zlib';
import { once } from 'node:events';
import { request as rawRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { startGateway, Upstream, type Gateway } from './gateway';

let upstream: Upstream;
let gateway: Gateway;

beforeAll(async () => {
  upstream = await Upstream.start();
  gateway = await startGateway({
    PROVIDERS_URL: upstream.url,
    MATH_CORE_URL: upstream.url,
    CORS_ALLOWED_ORIGINS: 'https://app.example',
  });
});
afterAll(async () => {
  await gateway.end();
  await upstream.stop();
});
beforeEach(() => {
  upstream.seen.length = 0;
});

const get = (path: string, headers: Record<string, string> = {}) =>
  gateway.client.request({ method: 'GET', path, headers });

describe('what is passed on', () => {
  it('keeps path and query as sent', async () => {
    await (await get('/api/v2/providers/a%2Fb?gpu=h100&gpu=a100&q=%E2%82%AC')).body.dump();
    expect(upstream.seen[0]?.url).toBe('/api/v2/providers/a%2Fb?gpu=h100&gpu=a100&q=%E2%82%AC');
  });

  it('hands over the bytes of a body that a JSON parser would change', async () => {
    const body = '{"n":12345678901234567890.10,"a":1,"a":2}';
    upstream.handler = (request, response) => request.pipe(response);
    const answer = await gateway.client.request({
      method: 'POST',
      path: '/api/v2/providers',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(await answer.body.text()).toBe(body);
  });

  it('takes bodies of any media type, and of none', async () => {
    upstream.handler = (request, response) => request.pipe(response);
    for (const headers of [{ 'content-type': 'application/x-thing' }, {}]) {
      const answer = await gateway.client.request({ method: 'PUT', path: '/api/v2/providers/1', body: 'x=1', headers });
      expect(await answer.body.text()).toBe('x=1');
    }
  });

  it('hands over gzip as it came', async () => {
    const packed = gzipSync('the same words '.repeat(500));
    upstream.handler = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end(packed);
    const answer = await get('/api/v2/providers', { 'accept-encoding': 'gzip' });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(Buffer.from(await answer.body.arrayBuffer()).equals(packed)).toBe(true);
  });

  it('hands over a long answer of unknown length whole', async () => {
    const block = Buffer.alloc(1_048_576, 7);
    upstream.handler = (_request, response) => {
      response.write(block);
      response.write(block);
      response.end(block);
    };
    expect((await (await get('/api/v2/providers')).body.arrayBuffer()).byteLength).toBe(3 * block.length);
  });

  it('answers 304 from the service, with its ETag and no body', async () => {
    upstream.handler = (request, response) =>
      response.writeHead(request.headers['if-none-match'] === '"v1"' ? 304 : 200, { etag: '"v1"' }).end();
    const answer = await get('/api/v2/providers', { 'if-none-match': '"v1"' });
    expect([answer.statusCode, answer.headers.etag, await answer.body.text()]).toEqual([304, '"v1"', '']);
  });

  it('answers HEAD with the length of what GET would send', async () => {
    upstream.handler = (_request, response) =>
      response.writeHead(200, { 'content-length': '1234', 'content-type': 'application/json' }).end();
    const answer = await gateway.client.request({ method: 'HEAD', path: '/api/v2/providers' });
    expect([answer.statusCode, answer.headers['content-length'], await answer.body.text()]).toEqual([200, '1234', '']);
  });

  it('passes a failure that the service explained', async () => {
    upstream.handler = (_request, response) =>
      response
        .writeHead(503, { 'content-type': 'application/json', 'retry-after': '2' })
        .end('{"detail":"Database not available"}');
    const answer = await get('/api/v2/providers');
    expect([answer.statusCode, answer.headers['retry-after'], await answer.body.json()]).toEqual([
      503,
      '2',
      { detail: 'Database not available' },
    ]);
  });

  it('leaves CORS to the door and joins Vary', async () => {
    upstream.handler = (_request, response) =>
      response.writeHead(200, { 'access-control-allow-origin': '*', vary: 'Accept-Encoding, origin' }).end('x');
    const answer = await get('/api/v2/providers', { origin: 'https://app.example' });
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example');
    expect(answer.headers.vary).toBe('Origin, Accept-Encoding');
    await answer.body.dump();
  });
});

describe('what the service learns of the caller', () => {
  beforeEach(() => {
    upstream.handler = (_request, response) => response.end();
  });

  it('sees the trace of the caller, and the caller its id', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const answer = await get('/api/v2/providers', {
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      tracestate: 'a=b',
    });
    await answer.body.dump();
    expect(answer.headers['x-trace-id']).toBe(traceId);
    expect(upstream.seen[0]?.headers.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(upstream.seen[0]?.headers.tracestate).toBe('a=b');
  });

  it('sees none of the headers by which a caller would pass for somebody else', async () => {
    const forged = {
      'x-user-id': '1',
      'x-tenant-id': '1',
      'x-internal-token': '1',
      X_User_Role: 'admin',
      forwarded: 'for=6.6.6.6',
      'x-real-ip': '6.6.6.6',
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-secret-hop': '1',
      connection: 'keep-alive, x-secret-hop',
      te: 'trailers',
    };
    // undici refuses to send a connection header with names in it.
    const sent = rawRequest(new URL('/api/v2/providers', gateway.url), { headers: forged });
    sent.end();
    await once(sent, 'response');
    const headers = upstream.seen[0]?.headers ?? {};
    expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
    expect(headers['x-forwarded-host']).toBe(new URL(gateway.url).host);
    for (const name of [
      'x-user-id',
      'x-tenant-id',
      'x-internal-token',
      'x_user_role',
      'forwarded',
      'x-real-ip',
      'x-secret-hop',
      'te',
    ])
      expect(headers).not.toHaveProperty(name);
  });

  it('still sees the token, the fingerprint and the cookies', async () => {
    await (
      await get('/api/v2/providers', { authorization: 'Bearer x', 'x-client-fingerprint': 'f', cookie: 'a=1' })
    ).body.dump();
    expect(upstream.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer x',
      'x-client-fingerprint': 'f',
      cookie: 'a=1',
    });
  });
});

describe('connections', () => {
  it('uses one again for the next request', async () => {
    upstream.handler = (_request, response) => response.end('ok');
    await (await get('/api/v2/providers')).body.dump();
    const before = upstream.connections;
    for (let count = 0; count < 20; count += 1) await (await get('/api/v2/providers')).body.dump();
    expect(upstream.connections).toBe(before);
  });

  it('answers 1,000 requests at once', async () => {
    upstream.handler = (_request, response) => void setTimeout(() => response.end('ok'), 5);
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, at) => {
        const answer = await get(`/api/v2/providers?n=${String(at)}`);
        await answer.body.dump();
        return answer.statusCode;
      }),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(new Set(upstream.seen.map(({ url }) => url)).size).toBe(1000);
  });

  it('stops the work of the service when the caller hangs up', async () => {
    const stopped = new Promise<void>((resolve) => {
      upstream.handler = (_request, response) => response.once('close', resolve);
    });
    const calling = new AbortController();
    const call = gateway.client.request({ method: 'GET', path: '/api/v2/providers', signal: calling.signal });
    while (upstream.seen.length === 0) await delay(5);
    calling.abort();
    await expect(call).rejects.toThrow();
    await stopped;
    while (!gateway.log.some((line) => line.includes('"status_code":499'))) await delay(5);
  });

  it('stops a stream when the caller hangs up in the middle', async () => {
    const stopped = new Promise<void>((resolve) => {
      upstream.handler = (_request, response) => {
        response.write('first');
        response.once('close', resolve);
      };
    });
    const answer = await get('/api/v2/providers');
    await once(answer.body, 'readable');
    answer.body.destroy();
    answer.body.on('error', () => undefined);
    await stopped;
  });
});
