export { InsuredRateLimiter, type InsuredRateLimiterOptions } from './insured.rate-limiter';
export { MemoryRateLimiter, type MemoryRateLimiterOptions } from './memory.rate-limiter';
export { openRateLimiter, type RateLimiterParts } from './open-rate-limiter';
export { RATE_LIMITER, type RateDecision, type RateLimiter } from './rate-limiter';
export { RedisRateLimiter } from './redis.rate-limiter';
