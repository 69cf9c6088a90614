export { MemoryRateLimiter, type MemoryRateLimiterOptions } from './memory.rate-limiter';
export { RATE_LIMITER, type RateDecision, type RateLimiter } from './rate-limiter';
