/** `RedisLink | null`: null where REDIS_URL is not set. */
export const REDIS = Symbol('REDIS');
