import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease } from './lease';

const RETRY_MS = 1_000;

export interface LeadershipOptions {
  /** How often a follower tries, default 1 s. */
  readonly retryMs?: number;
  readonly onError: (error: unknown) => void;
}

/** A candidacy: follows until the lock is free, then leads until the lock is lost, the work ends, or stop(). */
export class Leadership {
  private readonly stopping = new AbortController();
  private readonly finished: Promise<void>;
  private leading = false;

  constructor(
    private readonly tryLock: () => Promise<Lease | null>,
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly options: LeadershipOptions,
  ) {
    this.finished = this.run();
  }

  get isLeader(): boolean {
    return this.leading;
  }

  /** Aborts the work, waits for it to end and gives the lock up. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.finished;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const lease = await this.tryLock().catch(this.noLease);
      if (lease) await this.lead(lease);
      await sleep(this.options.retryMs ?? RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async lead(lease: Lease): Promise<void> {
    this.leading = true;
    try {
      await this.work(AbortSignal.any([lease.signal, this.stopping.signal]));
    } catch (error) {
      this.options.onError(error);
    } finally {
      this.leading = false;
      await lease.release();
    }
  }

  private readonly noLease = (error: unknown): null => {
    this.options.onError(error);
    return null;
  };
}
