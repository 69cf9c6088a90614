import { SlidingLog } from './sliding-log';
import { assertLimit, type RateDecision, type RateLimiter } from './rate-limiter';

export interface MemoryRateLimiterOptions {
  /** Monotonic, in ms. */
  readonly now?: () => number;
  /** Callers remembered at once. */
  readonly maxKeys?: number;
  /** Accepted requests remembered at once, over all callers; 8 bytes each. */
  readonly maxEntries?: number;
}

interface Held {
  readonly log: SlidingLog;
  readonly windowMs: number;
}

/** Idle callers dropped per request: more than can be added, so that the map shrinks under any load. */
const PRUNE_PER_TAKE = 2;

/**
 * The embedded filling: exact, for one process. Memory is bounded; when it is full the caller unseen for the longest is
 * forgotten, which costs an attacker as many addresses as it would take to have that many quotas anyway.
 */
export class MemoryRateLimiter implements RateLimiter {
  /** In the order of last use: a Map iterates in insertion order, and each use inserts anew. */
  private readonly held = new Map<string, Held>();
  private readonly now: () => number;
  private readonly maxKeys: number;
  private readonly maxEntries: number;
  private entries = 0;

  constructor({
    now = () => performance.now(),
    maxKeys = 100_000,
    maxEntries = 4_000_000,
  }: MemoryRateLimiterOptions = {}) {
    this.now = now;
    this.maxKeys = maxKeys;
    this.maxEntries = maxEntries;
  }

  /** @throws RangeError when the limit is below 1: "no limit" is the caller's to decide, not a number */
  // eslint-disable-next-line @typescript-eslint/require-await -- a refusal must reject, as it would over a network
  async take(key: string, limit: number, windowMs: number): Promise<RateDecision> {
    assertLimit(limit);
    const now = this.now();
    const held = this.held.get(key) ?? { log: new SlidingLog(), windowMs };
    const before = held.log.length;
    const decision = held.log.take(now, limit, windowMs);
    this.entries += held.log.length - before;
    this.held.delete(key);
    this.held.set(key, held);
    this.prune(now);
    return decision;
  }

  /** Callers remembered at this moment. */
  get size(): number {
    return this.held.size;
  }

  private prune(now: number): void {
    let looked = 0;
    for (const [key, { log, windowMs }] of this.held) {
      const full = this.held.size > this.maxKeys || this.entries > this.maxEntries;
      if (!full && (looked >= PRUNE_PER_TAKE || !log.isIdle(now, windowMs))) return;
      looked += 1;
      this.entries -= log.length;
      this.held.delete(key);
    }
  }
}
