export { InsuredRateLimiter, type InsuredRateLimiterOptions } from './insured.rate-limiter';
export { MemoryRateLimiter, type MemoryRateLimiterOptions } from './memory.rate-limiter';
export { openRateLimiter, type RateLimiterParts } from './open-rate-limiter';
export { RATE_LIMITER, type RateDecision, type RateLimiter } from './rate-limiter';
export { RedisRateLimiter } from './redis.rate-limiter';
export { askAuth, credentialsOf } from './ask-auth';
export {
  TenantTermsBook,
  type AskForTerms,
  type Credentials,
  type TenantTerms,
  type TenantTermsOptions,
} from './tenant-terms';
