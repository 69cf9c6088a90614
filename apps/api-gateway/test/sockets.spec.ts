import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { closedPort, startGateway, Upstream, type Gateway } from './gateway';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const accept = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

let gateway: Gateway;
let upstream: Upstream;
/** The service's side of each socket that was opened. */
let served: Socket[];
let refuseWith: string | null;
let seen: Record<string, unknown>[];

beforeEach(async () => {
  served = [];
  seen = [];
  refuseWith = null;
  upstream = await Upstream.start();
  upstream.server.on('upgrade', (request, socket: Socket, head: Buffer) => {
    seen.push({ url: request.url, ...request.headers });
    socket.on('error', () => undefined);
    if (refuseWith) return void socket.end(refuseWith);
    served.push(socket);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\nhello `,
    );
    if (head.length > 0) socket.write(head);
    socket.pipe(socket);
  });
  gateway = await startGateway({
    WS_GATEWAY_URL: upstream.url,
    PROVIDERS_URL: upstream.url,
    RATE_LIMIT_IP_PER_MINUTE: '5',
  });
});
afterEach(async () => {
  await gateway.end();
  await upstream.stop();
});

/** Sends bytes and collects what comes back. */
function dial(
  text: string,
  port = gateway.port,
): { socket: Socket; text: () => string; until: (wanted: string) => Promise<void> } {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString())).on('error', () => undefined);
  socket.write(text);
  const until = async (wanted: string) => {
    while (!received.includes(wanted)) {
      if (socket.destroyed) throw new Error(`closed after: ${received}`);
      await delay(5);
    }
  };
  return { socket, text: () => received, until };
}

const handshake = (path: string, extra = '') =>
  `GET ${path} HTTP/1.1\r\nHost: gw.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${extra}\r\n`;

it('joins the caller and the service, from the first byte on', async () => {
  const call = dial(`${handshake('/ws/?ticket=1', 'X-User-Id: 7\r\nX-Forwarded-For: 6.6.6.6\r\n')}early `);
  await call.until('hello early ');
  call.socket.write('later');
  await call.until('later');
  expect(call.text()).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  expect(call.text().toLowerCase()).toContain('x-trace-id: ');
  expect(call.text().toLowerCase()).toContain('ratelimit-remaining: 4');
  expect(seen[0]).toMatchObject({
    url: '/ws/?ticket=1',
    'x-forwarded-for': '127.0.0.1',
    'sec-websocket-key': KEY,
    upgrade: 'websocket',
  });
  expect(seen[0]).not.toHaveProperty('x-user-id');
  expect(seen[0]?.['x-forwarded-host']).toBe('gw.example');
  call.socket.destroy();
});

it('passes many bytes both ways unharmed', async () => {
  const call = dial(handshake('/ws'));
  await call.until('hello ');
  const payload = 'x'.repeat(2_000_000);
  call.socket.write(`${payload}END`);
  await call.until('END');
  expect(call.text().split('hello ')[1]).toBe(`${payload}END`);
  call.socket.destroy();
});

it('closes the caller when the service dies', async () => {
  const call = dial(handshake('/ws'));
  await call.until('hello ');
  served[0]?.resetAndDestroy();
  await once(call.socket, 'close');
});

it('closes the service when the caller vanishes', async () => {
  const call = dial(handshake('/ws'));
  await call.until('hello ');
  const closed = once(served[0]!, 'close');
  call.socket.resetAndDestroy();
  await closed;
});

it('passes the refusal of the service on', async () => {
  refuseWith =
    'HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"no":"t"}'.replace(
      '9',
      '10',
    );
  const call = dial(handshake('/ws'));
  await once(call.socket, 'close');
  expect(call.text()).toMatch(/^HTTP\/1\.1 401 /);
  expect(call.text()).toContain('{"no":"t"}');
});

it('answers 503 in the envelope and closes when no service is there', async () => {
  await gateway.end();
  gateway = await startGateway({ WS_GATEWAY_URL: await closedPort() });
  const call = dial(handshake('/ws/'));
  await once(call.socket, 'close');
  expect(call.text()).toMatch(/^HTTP\/1\.1 503 /);
  expect(call.text()).toContain('"code":"SERVICE_UNAVAILABLE"');
  expect(call.text().toLowerCase()).toContain('retry-after: ');
});

it('answers 502 when the service hangs', async () => {
  upstream.server.removeAllListeners('upgrade');
  upstream.server.on('upgrade', (_request, socket: Socket) => socket.on('error', () => undefined));
  await gateway.end();
  gateway = await startGateway({ WS_GATEWAY_URL: upstream.url, GATEWAY_ANSWER_TIMEOUT_MS: '100' });
  const call = dial(handshake('/ws/'));
  await once(call.socket, 'close');
  expect(call.text()).toMatch(/^HTTP\/1\.1 502 /);
});

it('counts handshakes against the address', async () => {
  for (let count = 0; count < 5; count += 1) {
    const call = dial(handshake('/ws/'));
    await call.until('hello ');
    call.socket.destroy();
  }
  const call = dial(handshake('/ws/'));
  await once(call.socket, 'close');
  expect(call.text()).toMatch(/^HTTP\/1\.1 429 /);
  expect(call.text()).toContain('"code":"RATE_LIMITED"');
});

it('lets a caller hang up while the service thinks', async () => {
  upstream.server.removeAllListeners('upgrade');
  const asked = new Promise<Socket>((resolve) => {
    upstream.server.on('upgrade', (_request, socket: Socket) => {
      resolve(socket.on('error', () => undefined).resume());
    });
  });
  const call = dial(handshake('/ws/'));
  const socket = await asked;
  call.socket.destroy();
  await once(socket, 'end');
});

it('answers a plain request with 400', async () => {
  const answer = await gateway.client.request({ method: 'GET', path: '/ws/' });
  expect(answer.statusCode).toBe(400);
  await answer.body.dump();
});

it('takes a request that offers h2c as an ordinary one, body and connection included', async () => {
  upstream.handler = (request, response) => request.pipe(response);
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
  const call = dial(`POST /api/v2/providers HTTP/1.1\r\nHost: x\r\n${offer}Content-Length: 8\r\n\r\nfour`);
  await delay(50);
  call.socket.write('more');
  await call.until('fourmore');
  call.socket.write('GET /api/v2/nowhere HTTP/1.1\r\nHost: x\r\n\r\n');
  await call.until('"code":"NOT_FOUND"');
  call.socket.destroy();
});

it('answers 404 to a WebSocket elsewhere', async () => {
  const call = dial(handshake('/api/v2/nowhere'));
  await call.until('"code":"NOT_FOUND"');
  call.socket.destroy();
});

it('ends open sockets when it stops', async () => {
  const call = dial(handshake('/ws/'));
  await call.until('hello ');
  const closed = once(call.socket, 'close');
  const begun = performance.now();
  await gateway.stop();
  await closed;
  expect(performance.now() - begun).toBeLessThan(3_000);
});
