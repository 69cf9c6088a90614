import { createServer, type Socket } from 'node:net';
import { connect } from 'node:net';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { closedPort, envelopeOf, startGateway, Upstream, type Gateway } from './gateway';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function gatewayTo(url: string, env: Record<string, string> = {}): Promise<Gateway> {
  const gateway = await startGateway({ PROVIDERS_URL: url, MATH_CORE_URL: url, LOG_LEVEL: 'warn', ...env });
  open.push(() => gateway.end());
  return gateway;
}

async function upstreamThat(handler: Upstream['handler']): Promise<Upstream> {
  const upstream = await Upstream.start(handler);
  open.push(() => upstream.stop());
  return upstream;
}

const get = (gateway: Gateway, path = '/api/v2/providers') => gateway.client.request({ method: 'GET', path });

describe('a service that fails', () => {
  it('answers 503 with Retry-After when nobody listens there', async () => {
    const answer = await get(await gatewayTo(await closedPort()));
    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await envelopeOf(answer)).error.code).toBe('SERVICE_UNAVAILABLE');
  });

  it('answers 502 when it hangs', async () => {
    const upstream = await upstreamThat(() => undefined);
    const answer = await get(await gatewayTo(upstream.url, { GATEWAY_ANSWER_TIMEOUT_MS: '100' }));
    expect(answer.statusCode).toBe(502);
    expect((await envelopeOf(answer)).error.code).toBe('UPSTREAM_FAILED');
  });

  it('answers 502 when a short answer never ends', async () => {
    const upstream = await upstreamThat((_request, response) =>
      response.writeHead(200, { 'content-length': '10' }).write('12345'),
    );
    const answer = await get(await gatewayTo(upstream.url, { GATEWAY_ANSWER_TIMEOUT_MS: '100' }));
    expect((await envelopeOf(answer)).error.code).toBe('UPSTREAM_FAILED');
  });

  it('answers 502 when a short answer is cut', async () => {
    const upstream = await upstreamThat((_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('12345', () => response.destroy());
    });
    const answer = await get(await gatewayTo(upstream.url));
    expect(answer.statusCode).toBe(502);
    expect((await envelopeOf(answer)).error.code).toBe('UPSTREAM_FAILED');
  });

  it('answers 502 when it speaks no HTTP', async () => {
    const server = createServer(
      (socket: Socket) => void socket.on('error', () => undefined).once('data', () => socket.end('garbage\r\n\r\n')),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => Promise.resolve(void server.close()));
    const { port } = server.address() as { port: number };
    const answer = await get(await gatewayTo(`http://127.0.0.1:${String(port)}`));
    expect(answer.statusCode).toBe(502);
    expect((await envelopeOf(answer)).error.code).toBe('UPSTREAM_FAILED');
  });

  it('breaks a long answer off when the service does', async () => {
    const upstream = await upstreamThat((_request, response) => {
      response.write('half', () => setTimeout(() => response.destroy(), 20));
    });
    const answer = await get(await gatewayTo(upstream.url));
    await expect(answer.body.text()).rejects.toThrow();
  });
});

describe('a connection that is lost', () => {
  const reset: Upstream['handler'] = (request) => request.socket.resetAndDestroy();

  it.each(['GET', 'DELETE'] as const)('is tried once more for %s', async (method) => {
    const upstream = await upstreamThat(reset);
    const gateway = await gatewayTo(upstream.url);
    const answer = await gateway.client.request({ method, path: '/api/v2/providers/1' });
    expect((await envelopeOf(answer)).error.code).toBe('UPSTREAM_FAILED');
    expect(upstream.seen).toHaveLength(2);
  });

  it('is not tried again for POST, which may have been carried out', async () => {
    const upstream = await upstreamThat(reset);
    const gateway = await gatewayTo(upstream.url);
    const answer = await gateway.client.request({ method: 'POST', path: '/api/v2/providers', body: '{}' });
    expect(answer.statusCode).toBe(502);
    await answer.body.dump();
    expect(upstream.seen).toHaveLength(1);
  });

  it('goes unnoticed when the second try succeeds', async () => {
    const upstream = await upstreamThat((request, response) =>
      upstream.seen.length === 1 ? reset(request, response) : void response.end('ok'),
    );
    expect((await get(await gatewayTo(upstream.url))).statusCode).toBe(200);
  });
});

describe('the circuit', () => {
  it('refuses at once after five failures, and says when to come back', async () => {
    const upstream = await upstreamThat((request) => request.socket.resetAndDestroy());
    const gateway = await gatewayTo(upstream.url);
    for (let count = 0; count < 5; count += 1) await (await get(gateway)).body.dump();
    const asked = upstream.seen.length;
    const answer = await get(gateway);
    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(50);
    expect((await envelopeOf(answer)).error.code).toBe('SERVICE_UNAVAILABLE');
    expect(upstream.seen).toHaveLength(asked);
    const metrics = await (await get(gateway, '/metrics')).body.text();
    expect(metrics).toContain('gpubroker_breaker_state{name="providers",service="api-gateway"} 2');
    expect(metrics).toMatch(/error_count\{method="GET",route="\/api\/v2\/providers",status="503"/);
  });

  it('leaves the other services alone', async () => {
    const upstream = await upstreamThat((request, response) =>
      request.url?.startsWith('/api/v2/providers') ? request.socket.resetAndDestroy() : response.end('ok'),
    );
    const gateway = await gatewayTo(upstream.url);
    for (let count = 0; count < 6; count += 1) await (await get(gateway)).body.dump();
    expect((await get(gateway, '/api/v2/math')).statusCode).toBe(200);
  });

  it('stays closed over answers with a status of 500', async () => {
    const upstream = await upstreamThat((_request, response) => response.writeHead(500).end());
    const gateway = await gatewayTo(upstream.url);
    for (let count = 0; count < 8; count += 1) await (await get(gateway)).body.dump();
    expect((await get(gateway)).statusCode).toBe(500);
  });

  it('closes again when trials succeed', async () => {
    let broken = true;
    const upstream = await upstreamThat((request, response) =>
      broken ? request.socket.resetAndDestroy() : void response.end('ok'),
    );
    const gateway = await gatewayTo(upstream.url, {
      GATEWAY_BREAKER_FAILURES: '1',
      GATEWAY_BREAKER_OPEN_MS: '100',
      GATEWAY_BREAKER_TRIALS: '1',
    });
    await (await get(gateway)).body.dump();
    expect((await get(gateway)).statusCode).toBe(503);
    broken = false;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect((await get(gateway)).statusCode).toBe(200);
  });
});

describe('a request that cannot be passed on', () => {
  let upstream: Upstream;
  let gateway: Gateway;
  beforeEach(async () => {
    upstream = await upstreamThat((request, response) => request.pipe(response));
    gateway = await gatewayTo(upstream.url, {
      MAX_BODY_BYTES: '1000',
      MATH_MAX_BODY_BYTES: '5000',
      REQUEST_BODY_TIMEOUT_MS: '200',
    });
  });
  const post = (path: string, body: Buffer | Readable) => gateway.client.request({ method: 'POST', path, body });
  const chunked = (...chunks: Buffer[]) => Readable.from(chunks);

  it('answers 413 to a body that says it is too large', async () => {
    const answer = await post('/api/v2/providers', Buffer.alloc(3_000_000));
    expect(answer.statusCode).toBe(413);
    expect((await envelopeOf(answer)).error.code).toBe('PAYLOAD_TOO_LARGE');
    expect(upstream.seen).toHaveLength(0);
  });

  it('answers 413 to a body in pieces that grows too large', async () => {
    const pieces = Array.from({ length: 50 }, () => Buffer.alloc(64 * 1024));
    const answer = await post('/api/v2/providers', chunked(...pieces));
    expect(answer.statusCode).toBe(413);
    expect((await envelopeOf(answer)).error.code).toBe('PAYLOAD_TOO_LARGE');
    expect(upstream.seen).toHaveLength(0);
  });

  it('takes a body of exactly the limit, in one piece or many', async () => {
    for (const body of [Buffer.alloc(1000, 1), chunked(Buffer.alloc(500, 1), Buffer.alloc(500, 1))]) {
      const answer = await post('/api/v2/providers', body);
      expect([answer.statusCode, (await answer.body.arrayBuffer()).byteLength]).toEqual([200, 1000]);
    }
  });

  it('takes larger bodies where the route does', async () => {
    expect((await post('/api/v2/math/topsis', Buffer.alloc(5000))).statusCode).toBe(200);
    expect((await post('/api/v2/math/topsis', Buffer.alloc(5001))).statusCode).toBe(413);
  });

  it('answers 400 to a body that does not arrive in time', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('POST /api/v2/providers HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect(text).toContain('"code":"MALFORMED_REQUEST"');
    expect(upstream.seen).toHaveLength(0);
  });

  it('forgets a caller who hangs up in the middle of the body', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('POST /api/v2/providers HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(upstream.seen).toHaveLength(0);
    expect(gateway.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it.each(['/api/v2/nowhere', '/api/v2/providersx', '/nothing', '/'])(
    'answers 404 to %s, which no route covers',
    async (path) => {
      const answer = await get(gateway, path);
      expect(answer.statusCode).toBe(404);
      expect((await envelopeOf(answer)).error.code).toBe('NOT_FOUND');
      expect(upstream.seen).toHaveLength(0);
    },
  );

  it('answers 400 to a path that is no path', async () => {
    const answer = await get(gateway, '/api/v2/providers/%E0%A4%A');
    expect(answer.statusCode).toBe(400);
    expect((await envelopeOf(answer)).error.code).toBe('MALFORMED_REQUEST');
  });

  it('takes the path out of an absolute address, whatever host it names', async () => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET http://evil.example/api/v2/providers?a=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    for await (const _ of socket);
    expect(upstream.seen[0]?.url).toBe('/api/v2/providers?a=1');
  });
});
