import { request } from 'node:http';
import { eventually } from './eventually';
import { refusal } from './client';
import { PriceFeed } from './price-feed';
import { priceUpdate } from './price-updates';

let feed: PriceFeed;

beforeAll(async () => {
  feed = await PriceFeed.open();
});

afterEach(() => feed.clear());
afterAll(() => feed.close());

const envelope = (code: string) => ({ error: { code } });

describe('the door', () => {
  it('opens with and without a slash at the end, and with a query', async () => {
    const { socketUrl } = await feed.start();
    for (const url of [socketUrl, socketUrl.replace(/\/$/, ''), `${socketUrl}?from=test`]) {
      const client = await feed.connect({ socketUrl: url });
      expect(client.socket.readyState).toBe(client.socket.OPEN);
    }
  });

  it('answers the handshake with a trace id', async () => {
    const { socketUrl } = await feed.start();
    const client = await feed.connect(
      { socketUrl },
      { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } },
    );
    expect(client.upgradeHeaders['x-trace-id']).toBe('a'.repeat(32));
  });

  it('refuses another path and an ordinary request in the form of every error', async () => {
    const { url, socketUrl } = await feed.start();
    expect(await refusal(`${socketUrl}other`)).toMatchObject({ status: 404, body: envelope('NOT_FOUND') });
    const answer = await fetch(`${url}/ws/`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject(envelope('MALFORMED_REQUEST'));
  });

  it('refuses a handshake of a version that nobody speaks', async () => {
    const { port } = await feed.start();
    const status = await new Promise((resolve) => {
      const asked = request({ port, path: '/ws/', headers: HANDSHAKE('7') }, (answer) => resolve(answer.statusCode));
      asked.end();
    });
    expect(status).toBe(400);
  });

  it('takes no more sockets of one address than allowed, and again when one has gone', async () => {
    const { socketUrl } = await feed.start({ WS_ANONYMOUS_PER_IP: '2' });
    const first = await feed.connect({ socketUrl });
    await feed.connect({ socketUrl });

    const refused = await refusal(socketUrl);
    expect(refused).toMatchObject({ status: 429, body: envelope('RATE_LIMITED') });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    first.drop();
    await eventually(() => feed.connect({ socketUrl }).then(() => undefined));
  });

  it('lets exactly as many in when fifty come at once', async () => {
    const { socketUrl } = await feed.start({ WS_ANONYMOUS_PER_IP: '5' });
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => feed.connect({ socketUrl })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('believes a forwarded address only from a trusted proxy', async () => {
    const trusting = await feed.start({ WS_ANONYMOUS_PER_IP: '1' });
    await feed.connect(trusting, { headers: { 'x-forwarded-for': '198.51.100.1' } });
    await feed.connect(trusting, { headers: { 'x-forwarded-for': '198.51.100.2' } });
    expect(await refusal(trusting.socketUrl, { 'x-forwarded-for': '203.0.113.9, 198.51.100.2' })).toMatchObject({
      status: 429,
    });

    const wary = await feed.start({ WS_ANONYMOUS_PER_IP: '1', TRUSTED_PROXIES: '192.0.2.1' });
    await feed.connect(wary, { headers: { 'x-forwarded-for': '198.51.100.1' } });
    expect(await refusal(wary.socketUrl, { 'x-forwarded-for': '198.51.100.2' })).toMatchObject({ status: 429 });
  });

  it('takes no more sockets than the replica may hold', async () => {
    const { socketUrl } = await feed.start({ WS_MAX_CLIENTS: '1' });
    await feed.connect({ socketUrl });
    expect(await refusal(socketUrl)).toMatchObject({ status: 503, body: envelope('SERVICE_UNAVAILABLE') });
  });

  it('refuses pages of other origins where origins are named, and never its own', async () => {
    const { url, socketUrl } = await feed.start({ CORS_ALLOWED_ORIGINS: 'https://app.example' });
    expect(await refusal(socketUrl, { origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: envelope('FORBIDDEN'),
    });
    await feed.connect({ socketUrl }, { headers: { origin: 'https://app.example' } });
    await feed.connect({ socketUrl }, { headers: { origin: url } });
    await feed.connect({ socketUrl });
  });

  it('stays closed until the log has been read, while the process answers', async () => {
    await feed.publish(priceUpdate());
    const replica = await feed.start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' }, { ready: false });
    expect(await refusal(replica.socketUrl)).toMatchObject({ status: 503, body: envelope('SERVICE_UNAVAILABLE') });
    const health = await fetch(`${replica.url}/health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: 'down', events: 'down', database: 'down' });
    expect((await fetch(`${replica.url}/health?probe=live`)).status).toBe(200);
  });

  it('says that the feed is attached', async () => {
    const { url } = await feed.start();
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', events: 'up', database: 'up' });
  });

  it('says good-bye with 1001 when the replica stops, and ends those who do not answer', async () => {
    const replica = await feed.start();
    const [polite, deaf] = [await feed.connect(replica), await feed.connect(replica)];
    deaf.stopReading();
    const begun = performance.now();
    await replica.stop();
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(await polite.end()).toEqual({ code: 1001, reason: 'the service is stopping' });
  });
});

describe('an upgrade that is no WebSocket', () => {
  it('is answered, not left hanging', async () => {
    const { port } = await feed.start();
    const status = await new Promise((resolve, reject) => {
      const asked = request({ port, path: '/health', headers: { connection: 'upgrade', upgrade: 'h2c' } }, (answer) =>
        resolve(answer.statusCode),
      );
      asked.once('error', reject).end();
    });
    expect(status).toBe(200);
  });
});

const HANDSHAKE = (version: string) => ({
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': version,
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
});
