/**
 * Tells a consumer that is stuck from one that has nothing to do. Clients have been seen to stop reading for days while
 * their connection and heartbeats looked well, so only the position that was kept counts as progress.
 */
export class ProgressWatch {
  private position = '';
  private lag = 0;
  private since: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly stallAfterMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.since = now();
  }

  /** @param position any text that changes when the kept position does */
  observe(position: string, lag: number): void {
    if (position !== this.position || lag === 0) this.since = this.now();
    this.position = position;
    this.lag = lag;
  }

  /** For a time in which it had no work to do: another member had it. */
  reset(): void {
    this.lag = 0;
    this.since = this.now();
  }

  get stalled(): boolean {
    return this.lag > 0 && this.now() - this.since >= this.stallAfterMs;
  }

  get currentLag(): number {
    return this.lag;
  }
}
