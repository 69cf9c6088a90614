import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import { CircuitBreaker } from '@gpubroker/circuit-breaker';
import { StubCloud } from '../conformance';
import { isPublicAddress } from './address-guard';
import { saysNoCapacity } from './capacity-answer';
import { RequestPacer } from './request-pacer';
import { parseRetryAfter } from './retry-after';
import { speaksAgainstTheCloud, UpstreamHttp, type UpstreamHttpOptions } from './upstream-http';
import { UpstreamError } from './upstream.errors';

describe('UpstreamHttp', () => {
  let cloud: StubCloud;
  const opened: UpstreamHttp[] = [];

  beforeAll(async () => {
    cloud = await StubCloud.start();
  });
  afterAll(async () => {
    await Promise.all(opened.map((upstream) => upstream.close()));
    await cloud.stop();
  });

  const http = (options: Partial<UpstreamHttpOptions> = {}) => {
    const upstream = new UpstreamHttp({
      provider: 'cloud',
      privateHosts: [cloud.host],
      retryBaseMs: 1,
      ...options,
    });
    opened.push(upstream);
    return upstream;
  };
  const get = (path = '/x') => ({ method: 'GET', url: `${cloud.baseUrl}${path}` }) as const;

  it('sends JSON and reads JSON', async () => {
    cloud.use(({ body }) => ({ body: { got: JSON.parse(body) as unknown } }));
    const request = { method: 'POST', url: `${cloud.baseUrl}/search`, body: { limit: 3 } } as const;
    expect(await http().json(request)).toEqual({ got: { limit: 3 } });
    expect(cloud.requests[0]?.headers['content-type']).toBe('application/json');
  });

  it('sends a form body as it is', async () => {
    cloud.use(({ body }) => ({ body: { got: body } }));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const request = { method: 'POST', url: `${cloud.baseUrl}/token`, headers, body: 'a=1&b=2' } as const;
    expect(await http().json(request)).toEqual({ got: 'a=1&b=2' });
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)('reads a %s body', async (encoding, compress) => {
    cloud.use(() => ({ headers: { 'content-encoding': encoding }, body: compress('{"ok":true}') }));
    expect(await http().json(get())).toEqual({ ok: true });
  });

  it('stops a small compressed answer that grows past the cap', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    expect(bomb.length).toBeLessThan(50_000);
    cloud.use(() => ({ headers: { 'content-encoding': 'gzip' }, body: bomb }));
    await expect(http({ maxBytes: 100_000 }).json(get())).rejects.toMatchObject({ reason: 'too_large' });
  });

  it.each([
    ['gzip', 'not compressed at all'],
    ['br', 'not compressed at all'],
    ['zstd', '{}'],
  ])('calls a broken or unknown %s body malformed', async (encoding, body) => {
    cloud.use(() => ({ headers: { 'content-encoding': encoding }, body }));
    await expect(http().json(get())).rejects.toMatchObject({ reason: 'malformed' });
  });

  it('repeats a failing read and gives the answer that then comes', async () => {
    cloud.use(() => (cloud.requests.length < 3 ? { status: 503 } : { body: { ok: true } }));
    expect(await http().json(get())).toEqual({ ok: true });
    expect(cloud.requests).toHaveLength(3);
  });

  it('never repeats a call that may not be repeated', async () => {
    cloud.use(() => ({ status: 500 }));
    const request = { method: 'POST', url: `${cloud.baseUrl}/buy`, body: {} } as const;
    await expect(http().json(request)).rejects.toMatchObject({ reason: 'status_5xx' });
    expect(cloud.requests).toHaveLength(1);
  });

  it('repeats a search that is sent by POST and says that it may be repeated', async () => {
    cloud.use(() => (cloud.requests.length < 2 ? { status: 502 } : { body: [] }));
    await http().json({ method: 'POST', url: `${cloud.baseUrl}/search`, body: {}, idempotent: true });
    expect(cloud.requests).toHaveLength(2);
  });

  it('waits as long as the cloud asks before it tries again', async () => {
    cloud.use(() => (cloud.requests.length < 2 ? { status: 429, headers: { 'retry-after': '1' } } : { body: {} }));
    const begin = Date.now();
    await http().json(get());
    expect(Date.now() - begin).toBeGreaterThanOrEqual(990);
  });

  it('gives up at once when the cloud asks for a longer wait than it is ready for', async () => {
    cloud.use(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
    await expect(http().json(get())).rejects.toMatchObject({ reason: 'rate_limited', retryAfterMs: 3_600_000 });
    expect(cloud.requests).toHaveLength(1);
  });

  it('does not repeat a refusal of the caller', async () => {
    cloud.use(() => ({ status: 403 }));
    await expect(http().json(get())).rejects.toMatchObject({ reason: 'unauthorized', status: 403 });
    expect(cloud.requests).toHaveLength(1);
  });

  it('reads "nothing left" out of a 500 and neither repeats it nor holds it against the cloud', async () => {
    cloud.use(() => ({ status: 500, body: { error: 'Insufficient capacity for this GPU type' } }));
    const upstream = http({
      breaker: new CircuitBreaker({ name: 'c', rule: { failures: 1 }, isFailure: speaksAgainstTheCloud }),
    });
    await expect(upstream.json(get())).rejects.toMatchObject({ reason: 'capacity' });
    expect(cloud.requests).toHaveLength(1);
    expect(upstream.breaker.state.kind).toBe('closed');
  });

  it('does not follow a redirect', async () => {
    cloud.use(({ path }) => (path === '/x' ? { status: 302, headers: { location: '/secret' } } : { body: {} }));
    await expect(http().json(get())).rejects.toMatchObject({ reason: 'redirect' });
    expect(cloud.requests).toHaveLength(1);
  });

  it('opens the circuit after five failures and then calls no more', async () => {
    cloud.use(() => ({ status: 500 }));
    const upstream = http({ attempts: 5 });
    await expect(upstream.json(get())).rejects.toMatchObject({ reason: 'status_5xx' });
    await expect(upstream.json(get())).rejects.toMatchObject({ reason: 'circuit_open' });
    expect(cloud.requests).toHaveLength(5);
  });

  it('counts garbage as a failure of the cloud', async () => {
    cloud.use(() => ({ body: '<html>' }));
    const upstream = http({ attempts: 1 });
    for (let call = 0; call < 5; call += 1)
      await expect(upstream.json(get())).rejects.toMatchObject({ reason: 'malformed' });
    expect(upstream.breaker.state.kind).toBe('open');
  });

  it('ends a call that hangs', async () => {
    cloud.use(() => ({ hang: true }));
    await expect(http({ timeoutMs: 50, attempts: 1 }).json(get())).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('says refused when nobody listens', async () => {
    const gone = await StubCloud.start();
    await gone.stop();
    const upstream = http({ privateHosts: [gone.host], attempts: 1 });
    await expect(upstream.json({ method: 'GET', url: gone.baseUrl })).rejects.toMatchObject({ reason: 'refused' });
  });

  it.each([
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'http://[::ffff:169.254.169.254]/latest/meta-data',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost:1/',
    'file:///etc/passwd',
    'no url',
  ])('refuses %s unless it is on the list', async (url) => {
    await expect(http({ attempts: 1 }).json({ method: 'GET', url })).rejects.toMatchObject({
      reason: 'address_refused',
    });
  });

  it('keeps the query and the headers out of its errors', async () => {
    cloud.use(({ url }) => ({ status: 400, body: { error: `bad ${url}` } }));
    const request = { ...get('/path?api_key=hunter2'), headers: { authorization: 'Bearer hunter2' } };
    const error = await http()
      .json(request)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('hunter2');
    expect((error as Error).message).toBe(`cloud: GET ${cloud.baseUrl}/path answered 400`);
  });

  it('keeps to the calls per minute, and lets the caller give up waiting', async () => {
    cloud.use(() => ({ body: {} }));
    const upstream = http({ requestsPerMinute: 2 });
    await upstream.json(get());
    await upstream.json(get());
    await expect(upstream.json({ ...get(), signal: AbortSignal.timeout(30) })).rejects.toMatchObject({
      reason: 'aborted',
    });
    expect(cloud.requests).toHaveLength(2);
  });
});

describe('RequestPacer', () => {
  it('lets no window of a minute hold more than the limit', () => {
    const pacer = new RequestPacer(3);
    const times = [0, 0, 10_000, 10_000, 10_000, 70_000, 70_000].map((now) => now + pacer.reserve(now));
    expect(times).toEqual([0, 0, 10_000, 60_000, 60_000, 70_000, 120_000]);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('reads %p as %p ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});

describe('saysNoCapacity', () => {
  it.each([
    [500, 'No capacity available in region', true],
    [400, 'There are no instances currently available with the requested specifications', true],
    [503, 'out of stock', true],
    [500, 'Out of host capacity.', true],
    [422, 'Size is not available in this region.', true],
    [404, '{"error":"no_such_ask"}', true],
    [500, 'Internal error', false],
    [401, 'no capacity', false],
  ])('judges %d %s', (status, body, expected) => {
    expect(saysNoCapacity(status, body)).toBe(expected);
  });
});

describe('isPublicAddress', () => {
  it.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['10.1.2.3', false],
    ['172.31.0.1', false],
    ['100.64.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['fd00::1', false],
    ['fe80::1', false],
    ['example.org', false],
  ])('judges %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected);
  });
});
