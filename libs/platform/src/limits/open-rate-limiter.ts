import type { ServiceMetrics } from '../metrics/service-metrics';
import type { RedisLink } from '../redis/redis-link';
import { InsuredRateLimiter } from './insured.rate-limiter';
import { MemoryRateLimiter } from './memory.rate-limiter';
import type { RateLimiter } from './rate-limiter';
import { RedisRateLimiter } from './redis.rate-limiter';

export interface RateLimiterParts {
  readonly redis: RedisLink | null;
  readonly replicas: number;
  readonly metrics: ServiceMetrics;
}

/** The one place that chooses between the fillings: Redis with a local one for when it is away, else memory. */
export function openRateLimiter({ redis, replicas, metrics }: RateLimiterParts): RateLimiter {
  const local = new MemoryRateLimiter();
  if (redis === null) return local;
  const decided = metrics.counter('gpubroker_local_limit_decisions_total', 'Limits decided without Redis');
  return new InsuredRateLimiter({
    shared: new RedisRateLimiter(redis),
    local,
    replicas,
    isSharedUp: () => redis.isUp,
    onLocal: () => decided.inc(),
  });
}
