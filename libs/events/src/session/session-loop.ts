import { DirectSession, type DirectSessionOptions } from './direct-session';
import { WakeSignal } from './wake-signal';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

export interface SessionWork {
  readonly session: DirectSession;
  /** Aborts when the loop is stopped or the session is lost. */
  readonly signal: AbortSignal;
}

/**
 * Runs `work` on a direct session until stopped, and again on a new session, after a growing pause, whenever the work
 * throws or its session is lost. The work begins from what is in the database each time.
 */
export class SessionLoop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly options: DirectSessionOptions,
    private readonly work: (work: SessionWork) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the work has returned. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  get stopped(): AbortSignal {
    return this.stopping.signal;
  }

  private async run(): Promise<void> {
    let delay = FIRST_DELAY_MS;
    const pause = new WakeSignal();
    while (!this.stopping.signal.aborted) {
      const begun = performance.now();
      try {
        await this.runOnce();
      } catch (error) {
        this.onFailure(error);
      }
      delay = performance.now() - begun > LONGEST_DELAY_MS ? FIRST_DELAY_MS : Math.min(LONGEST_DELAY_MS, delay * 2);
      await pause.wait(delay, this.stopping.signal);
    }
  }

  private async runOnce(): Promise<void> {
    const session = await DirectSession.open(this.options);
    try {
      await this.work({ session, signal: AbortSignal.any([this.stopping.signal, session.lost]) });
      if (session.lost.aborted) throw new Error('the database session was lost');
    } finally {
      await session.close();
    }
  }
}
