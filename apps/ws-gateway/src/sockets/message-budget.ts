export type Spending = 'taken' | 'refused' | 'exhausted';

const PER_SECOND = 20;
const AT_ONCE = 40;
/** Refused in a row; whoever goes on like this does not listen. */
const PATIENCE = 100;

/** How many messages and pings one client may send: 20 a second, 40 at once. */
export class MessageBudget {
  private left = AT_ONCE;
  private refused = 0;

  /** @param now ms of a clock that never goes back */
  constructor(private filledAt: number) {}

  /** `refused` is told to the client; at `exhausted` it is cut. */
  spend(now: number): Spending {
    this.left = Math.min(AT_ONCE, this.left + ((now - this.filledAt) / 1_000) * PER_SECOND);
    this.filledAt = now;
    if (this.left >= 1) {
      this.left -= 1;
      this.refused = 0;
      return 'taken';
    }
    this.refused += 1;
    return this.refused > PATIENCE ? 'exhausted' : 'refused';
  }

  /** Answering each refused message would let a client make us write as much as it does. */
  get isFirstRefusal(): boolean {
    return this.refused === 1;
  }
}
