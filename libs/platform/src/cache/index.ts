export { CACHE, type Cache } from './cache';
export { MemoryCache } from './memory.cache';
export { openCache } from './open-cache';
export { RedisCache } from './redis.cache';
