import type { RedisLink } from '../redis/redis-link';
import { redisScript } from '../redis/redis-script';
import { assertLimit, type RateDecision, type RateLimiter } from './rate-limiter';

/**
 * The sliding log as one step on Redis' own clock, so that replicas agree on what "now" is. Times are whole µs, written with
 * string.format: Lua's own conversion keeps 14 digits. Entries from the future (the clock was set back) are dropped, or they
 * would shut the caller out until the clock is there again. Answers {allowed, remaining, reset µs, retry after µs}.
 */
const TAKE = redisScript(`
local key, limit, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local text = string.format('%.0f', now)
redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - window))
redis.call('ZREMRANGEBYSCORE', key, '(' .. text, '+inf')
local count = redis.call('ZCARD', key)
local function leaves(index)
  return tonumber(redis.call('ZRANGE', key, index, index, 'WITHSCORES')[2]) + window - now
end
if count >= limit then
  local wait = leaves(count - limit)
  return {0, 0, wait, wait}
end
redis.call('ZADD', key, text, text .. ARGV[3])
redis.call('PEXPIRE', key, math.ceil(window / 1000) + 1000)
return {1, limit - count - 1, leaves(0), 0}
`);

let taken = 0;

/** The distributed filling: exact over all replicas that share one Redis. */
export class RedisRateLimiter implements RateLimiter {
  /** Two requests of one microsecond are two entries, whichever replica they came to. */
  private readonly replica = `:${process.pid}:${Math.random().toString(36).slice(2)}:`;

  constructor(
    private readonly redis: RedisLink,
    private readonly prefix = 'gpubroker:limit:',
  ) {}

  /** @throws RangeError for a limit below 1; RedisUnavailableError when Redis does not answer in time */
  async take(key: string, limit: number, windowMs: number): Promise<RateDecision> {
    assertLimit(limit);
    taken += 1;
    const args = [limit, Math.ceil(windowMs * 1000), this.replica + taken.toString(36)];
    const [allowed, remaining, reset, retry] = (await this.redis.run(TAKE, [this.prefix + key], args)) as Answer;
    return { allowed: allowed === 1, limit, remaining, resetMs: reset / 1000, retryAfterMs: retry / 1000 };
  }
}

type Answer = [allowed: number, remaining: number, resetMicros: number, retryMicros: number];
