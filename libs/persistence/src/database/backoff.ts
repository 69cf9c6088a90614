const FIRST_MS = 100;
const LONGEST_MS = 2_000;

/** Waiting times that double from 0.1 s to 2 s, each shortened at random by up to a half so that replicas spread out. */
export class Backoff {
  private failures = 0;

  constructor(private readonly random: () => number = Math.random) {}

  next(): number {
    const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failures);
    this.failures += 1;
    return Math.round(full * (1 - this.random() / 2));
  }

  reset(): void {
    this.failures = 0;
  }
}
