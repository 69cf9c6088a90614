import type { RateDecision, RateLimiter } from './rate-limiter';

export interface InsuredRateLimiterOptions {
  /** Counts over all replicas, and may fail. */
  readonly shared: RateLimiter;
  /** Counts for this process, and does not. */
  readonly local: RateLimiter;
  /** Processes that share the limits. */
  readonly replicas: number;
  /** Whether asking the shared one is worth it at this moment. */
  readonly isSharedUp: () => boolean;
  /** Told of each decision that was made without it. */
  readonly onLocal?: () => void;
}

/**
 * While the shared limiter is away each process lets through its part of the limit (SPEC S2): nobody is refused for our trouble,
 * and nobody gets more than the whole.
 */
export class InsuredRateLimiter implements RateLimiter {
  constructor(private readonly options: InsuredRateLimiterOptions) {}

  async take(key: string, limit: number, windowMs: number): Promise<RateDecision> {
    const { shared, isSharedUp } = this.options;
    if (!isSharedUp()) return this.takeLocally(key, limit, windowMs);
    try {
      return await shared.take(key, limit, windowMs);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      return this.takeLocally(key, limit, windowMs);
    }
  }

  private takeLocally(key: string, limit: number, windowMs: number): Promise<RateDecision> {
    const { local, replicas, onLocal } = this.options;
    onLocal?.();
    return local.take(key, Math.max(1, Math.floor(limit / replicas)), windowMs);
  }
}
