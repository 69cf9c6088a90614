/** At most so many requests of one caller in any window. */
export class SlidingWindowLimiter {
  private readonly accepted = new Map<string, number[]>();

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** @param now milliseconds since the epoch */
  accepts(caller: string, now: number): boolean {
    const recent = (this.accepted.get(caller) ?? []).filter((at) => at > now - this.windowMs);
    const accepted = recent.length < this.limit;
    if (accepted) recent.push(now);
    this.accepted.set(caller, recent);
    return accepted;
  }
}
