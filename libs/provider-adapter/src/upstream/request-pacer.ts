/**
 * Keeps calls under a cloud's own limit: `perMinute` at once, then one each time a place comes free. Sliding window, so
 * that no minute, wherever it begins, holds more.
 */
export class RequestPacer {
  private readonly sentAt: number[] = [];

  /** @param perMinute whole number from 1 */
  constructor(private readonly perMinute: number) {}

  /** Takes a place and returns how long to wait for it, in ms. */
  reserve(now: number): number {
    const earliest = this.sentAt.length < this.perMinute ? now : (this.sentAt[0] ?? now) + 60_000;
    const at = Math.max(now, earliest);
    this.sentAt.push(at);
    if (this.sentAt.length > this.perMinute) this.sentAt.shift();
    return at - now;
  }
}
