/** The Redis fillings of limiter and cache under the specs that those in memory pass. */
import { RedisCache } from '@gpubroker/platform/cache';
import { RedisRateLimiter } from '@gpubroker/platform/limits';
import { startRedis, type RedisServer } from '../../../tools/servers/redis.mjs';
import { cacheConformance } from '../test/cache.conformance';
import { limiterConformance } from '../test/rate-limiter.conformance';
import { openLink, pass, type WatchedLink } from './open-link';

let redis: RedisServer;
let one: WatchedLink;
let other: WatchedLink;
let serial = 0;
const space = () => `test:${String((serial += 1))}:`;

beforeAll(async () => {
  redis = await startRedis();
  one = await openLink(redis.url);
  other = await openLink(redis.url);
});
afterAll(async () => {
  one.link.close();
  other.link.close();
  await redis.stop();
});

describe('the limiter on Redis', () => {
  limiterConformance(() => ({ limiter: new RedisRateLimiter(one.link, space()), now: () => performance.now(), pass }), {
    windowMs: 300,
    runs: 8,
  });

  it('is one limit for all who share the Redis', async () => {
    const prefix = space();
    const limiters = [one, other].map(({ link }) => new RedisRateLimiter(link, prefix));
    const decisions = await Promise.all(
      Array.from({ length: 100 }, (_, at) => limiters[at % 2]!.take('key', 30, 10_000)),
    );
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(30);
  });

  it('leaves nothing in Redis once a caller has been quiet', async () => {
    const prefix = space();
    await new RedisRateLimiter(one.link, prefix).take('key', 5, 100);
    expect(await one.link.call('PTTL', `${prefix}key`)).toBeLessThanOrEqual(1_100);
  });

  it('lets nobody wait for a clock that was set back', async () => {
    const prefix = space();
    const limiter = new RedisRateLimiter(one.link, prefix);
    const inAnHour = (Date.now() + 3_600_000) * 1_000;
    for (let at = 0; at < 5; at += 1) await one.link.call('ZADD', `${prefix}key`, inAnHour + at, `future-${at}`);
    expect(await limiter.take('key', 5, 1_000)).toMatchObject({ allowed: true, remaining: 4 });
  });
});

describe('the cache on Redis', () => {
  cacheConformance(() => new RedisCache(one.link, space()));

  it('is one for all who share the Redis', async () => {
    const name = space();
    await new RedisCache(one.link, name).set('a', 'kept', 60);
    expect(await new RedisCache(other.link, name).get('a')).toBe('kept');
  });
});
