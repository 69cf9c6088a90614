import { envelopeOf, startGateway, Upstream, type Gateway } from './gateway';

let upstream: Upstream;
let gateway: Gateway;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterAll(() => upstream.stop());
afterEach(() => gateway.end());

const start = async (env: Record<string, string>) => {
  gateway = await startGateway({ PROVIDERS_URL: upstream.url, ...env });
};
const get = (path = '/api/v2/providers', headers: Record<string, string | string[]> = {}) =>
  gateway.client.request({ method: 'GET', path, headers });
const statusOf = async (headers: Record<string, string | string[]> = {}) => {
  const answer = await get('/api/v2/providers', headers);
  await answer.body.dump();
  return answer.statusCode;
};

it('accepts exactly the limit, however many come at once', async () => {
  await start({ RATE_LIMIT_IP_PER_MINUTE: '100' });
  const statuses = await Promise.all(Array.from({ length: 300 }, () => statusOf()));
  expect(statuses.filter((status) => status === 200)).toHaveLength(100);
  expect(statuses.filter((status) => status === 429)).toHaveLength(200);
});

it('says what is left, and when more will be', async () => {
  await start({ RATE_LIMIT_IP_PER_MINUTE: '2' });
  const left = [];
  for (let count = 0; count < 2; count += 1) {
    const { headers, body } = await get();
    left.push([headers['ratelimit-limit'], headers['ratelimit-remaining'], headers['ratelimit-reset']]);
    await body.dump();
  }
  expect(left).toEqual([
    ['2', '1', '60'],
    ['2', '0', '60'],
  ]);
  const refused = await get();
  expect(refused.statusCode).toBe(429);
  expect(refused.headers).toMatchObject({ 'ratelimit-remaining': '0', 'retry-after': '60', 'ratelimit-reset': '60' });
  expect((await envelopeOf(refused)).error.code).toBe('RATE_LIMITED');
});

it('is not fooled by headers that name another address', async () => {
  await start({ RATE_LIMIT_IP_PER_MINUTE: '10' });
  const names = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip'];
  const statuses = await Promise.all(
    Array.from({ length: 60 }, (_, at) => statusOf({ [names[at % names.length] ?? '']: `10.0.0.${String(at)}` })),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(10);
});

it('counts by the address that a trusted proxy names, and by the nearest one it does not trust', async () => {
  await start({ RATE_LIMIT_IP_PER_MINUTE: '1', TRUSTED_PROXIES: '127.0.0.1' });
  expect(await statusOf({ 'x-forwarded-for': '10.0.0.1' })).toBe(200);
  expect(await statusOf({ 'x-forwarded-for': '10.0.0.2' })).toBe(200);
  expect(await statusOf({ 'x-forwarded-for': '6.6.6.6, 10.0.0.1' })).toBe(429);
  expect(await statusOf({ 'x-forwarded-for': '2001:db8::1' })).toBe(200);
  expect(await statusOf({ 'x-forwarded-for': '2001:db8::2' })).toBe(429);
  expect(upstream.seen.at(-1)?.headers['x-forwarded-for']).toBe('2001:db8::1');
});

it('counts what is not found, the docs and the document too', async () => {
  await start({ RATE_LIMIT_IP_PER_MINUTE: '3' });
  const statuses = [];
  for (const path of ['/nowhere', '/api/v2/docs', '/api/v2/openapi.json', '/health']) {
    const answer = await get(path);
    await answer.body.dump();
    statuses.push(answer.statusCode);
  }
  expect(statuses).toEqual([404, 200, 200, 429]);
});

it('never refuses the liveness probe or the metrics', async () => {
  await start({ RATE_LIMIT_IP_PER_MINUTE: '1' });
  for (const path of ['/health?probe=live', '/metrics', '/health?probe=live']) {
    const answer = await get(path);
    await answer.body.dump();
    expect([answer.statusCode, answer.headers['ratelimit-limit']]).toEqual([200, undefined]);
  }
});

it('is off at 0', async () => {
  await start({ RATE_LIMIT_IP_PER_MINUTE: '0' });
  const answer = await get();
  await answer.body.dump();
  expect(answer.headers['ratelimit-limit']).toBeUndefined();
});
