export { openRedis, type RedisSurroundings } from './open-redis';
export { RedisLink, type RedisLinkOptions } from './redis-link';
export { redisScript, type RedisScript } from './redis-script';
export { RedisUnavailableError } from './redis-unavailable.error';
export { REDIS } from './redis.token';
