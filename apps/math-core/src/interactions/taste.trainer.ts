import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { AlsThreads } from '../collaborative/als-threads';
import { MathCoreConfig } from '../math-core.config';
import { InteractionStore } from './interaction-store';
import { Taste } from './taste';
import { trainTaste } from './train-taste';

/** Longer than any log keeps an event that it could deliver again. */
const HANDLED_KEPT_MS = 8 * 86_400_000;
const UPKEEP_MS = 3_600_000;

/** Trains the taste again when something was done since, in the background; each replica for itself, with the same result. */
@Injectable()
export class TasteTrainer {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private trained = Taste.NONE;
  private mark: string | null = null;
  private tidiedAt = 0;

  constructor(
    private readonly store: InteractionStore,
    private readonly threads: AlsThreads,
    private readonly config: MathCoreConfig,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** As of the last training; empty before the first. */
  get taste(): Taste {
    return this.trained;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!this.isStopping()) {
      try {
        await this.trainIfChanged();
        await this.tidy();
      } catch (error) {
        if (!this.isStopping()) this.logger.warn({ err: error }, 'the taste could not be trained; the last one serves');
      }
      await sleep(this.config.trainingMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async trainIfChanged(): Promise<void> {
    const mark = await this.store.mark();
    if (mark === this.mark) return;
    const pairs = await this.store.pairs();
    this.trained = await trainTaste(pairs, this.threads, this.stopping.signal);
    this.mark = mark;
    this.logger.info({ pairs: pairs.length }, 'taste trained');
  }

  private async tidy(): Promise<void> {
    const now = Date.now();
    if (now - this.tidiedAt < UPKEEP_MS) return;
    this.tidiedAt = now;
    await this.store.forgetHandled(new Date(now - HANDLED_KEPT_MS));
  }
}
