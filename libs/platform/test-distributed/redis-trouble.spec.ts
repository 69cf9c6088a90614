/** Redis killed, hung and back: nobody fails, nobody waits long, and it is used again by itself. */
import { RedisCache } from '@gpubroker/platform/cache';
import { InsuredRateLimiter, MemoryRateLimiter, RedisRateLimiter } from '@gpubroker/platform/limits';
import { eventually } from '@gpubroker/testing/eventually';
import { startRedis, type RedisServer } from '../../../tools/servers/redis.mjs';
import { openLink, type WatchedLink } from './open-link';

let redis: RedisServer;
let watched: WatchedLink;

beforeEach(async () => {
  redis = await startRedis({ log: () => undefined });
  watched = await openLink(redis.url);
});
afterEach(async () => {
  watched.link.close();
  await redis.stop();
});

const untilUp = () =>
  eventually(
    () => Promise.resolve(watched.link.isUp),
    (up) => up,
    { timeoutMs: 20_000 },
  );
const insured = () =>
  new InsuredRateLimiter({
    shared: new RedisRateLimiter(watched.link),
    local: new MemoryRateLimiter(),
    replicas: 3,
    isSharedUp: () => watched.link.isUp,
  });
/** How long each of many calls took, in ms. */
async function timings(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const begun = performance.now();
    await work();
    took.push(performance.now() - begun);
  }
  return took.sort((a, b) => a - b);
}

it.each(['killed', 'hung'] as const)('%s, it costs no decision and hardly any time', async (how) => {
  const limiter = insured();
  const cache = new RedisCache(watched.link);
  expect((await limiter.take('key', 9, 60_000)).allowed).toBe(true);
  if (how === 'killed') await redis.kill();
  else redis.freeze();
  const took = await timings(200, async () => {
    await limiter.take('other', 1_000, 60_000);
    await cache.set('a', 'x', 60);
    expect(await cache.get('a')).toBeNull();
  });
  // The first ones find out, by waiting; the 95th of a hundred no longer does.
  expect(took[Math.floor(took.length * 0.95)]).toBeLessThan(50);
  expect(took.at(-1)).toBeLessThan(1_500);
  expect(watched.link.isUp).toBe(false);

  const decisions = await Promise.all(Array.from({ length: 20 }, () => limiter.take('key', 9, 60_000)));
  expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(3);

  if (how === 'killed') await redis.start();
  else redis.thaw();
  await untilUp();
  expect(watched.changes).toEqual([false, true]);
  expect((await limiter.take('after', 9, 60_000)).remaining).toBe(8);
});

it('is used again after a restart that forgot the scripts', async () => {
  const limiter = new RedisRateLimiter(watched.link);
  await limiter.take('key', 9, 60_000);
  await watched.link.call('SCRIPT', 'FLUSH');
  expect((await limiter.take('key', 9, 60_000)).remaining).toBe(7);
});

it('opens without a Redis, and finds it when it comes', async () => {
  await redis.kill();
  const late = await openLink(redis.url);
  try {
    expect(late.link.isUp).toBe(false);
    await redis.start();
    await eventually(
      () => Promise.resolve(late.link.isUp),
      (up) => up,
      { timeoutMs: 20_000 },
    );
    expect(late.changes).toEqual([false, true]);
  } finally {
    late.link.close();
  }
});

it('believes nothing of what should have been dropped while it was away', async () => {
  const cache = new RedisCache(watched.link);
  await cache.set('offers:1', 'old', 60);
  await cache.set('kpi:1', 'old', 60);
  redis.freeze();
  await cache.drop('offers:');
  await timings(5, () => cache.set('kpi:1', 'new', 60));
  redis.thaw();
  await untilUp();
  expect(await cache.get('offers:1')).toBeNull();
  expect([null, 'new']).toContain(await cache.get('kpi:1'));
});
