import type { RedisLink } from '../redis/redis-link';
import type { Cache } from './cache';
import { MemoryCache } from './memory.cache';
import { RedisCache } from './redis.cache';

/** The one place that chooses between the fillings. */
export const openCache = (redis: RedisLink | null): Cache =>
  redis === null ? new MemoryCache() : new RedisCache(redis);
