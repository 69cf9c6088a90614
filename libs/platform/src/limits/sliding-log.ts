import type { RateDecision } from './rate-limiter';

const COMPACT_AT = 1024;

/**
 * The times at which one caller's requests were accepted. An exact log: a fixed window or two weighted counters let nearly
 * twice the limit through at a boundary. Knows no clock; times come in as ms and never go back.
 */
export class SlidingLog {
  private times: number[] = [];
  /** Where the log begins in `times`: shifting the array at each request would cost its length. */
  private head = 0;

  get length(): number {
    return this.times.length - this.head;
  }

  /** Does anything of it still count? */
  isIdle(now: number, windowMs: number): boolean {
    const newest = this.times.at(-1);
    return newest === undefined || newest <= now - windowMs;
  }

  take(now: number, limit: number, windowMs: number): RateDecision {
    this.forget(now - windowMs);
    if (this.length >= limit) {
      const retryAfterMs = this.leavesIn(this.length - limit, now, windowMs);
      return { allowed: false, limit, remaining: 0, resetMs: retryAfterMs, retryAfterMs };
    }
    this.times.push(now);
    const resetMs = this.leavesIn(0, now, windowMs);
    return { allowed: true, limit, remaining: limit - this.length, resetMs, retryAfterMs: 0 };
  }

  private forget(until: number): void {
    while (this.head < this.times.length && (this.times[this.head] ?? 0) <= until) this.head += 1;
    if (this.head >= COMPACT_AT || this.head === this.times.length) {
      this.times = this.times.slice(this.head);
      this.head = 0;
    }
  }

  /** The age is taken first: adding the window to a time that has fractions and taking it off again gains some. */
  private leavesIn(index: number, now: number, windowMs: number): number {
    return windowMs - (now - (this.times[this.head + index] ?? 0));
  }
}
