import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DirectConnection } from '@gpubroker/persistence/database';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { CatalogueIndex } from './catalogue-index';
import { CatalogueReader } from './catalogue-reader';

export const CATALOGUE_CHANNEL = 'catalogue';
/** Notifications are a hint; the poll is what makes a lost one harmless. */
const POLL_MS = 1_000;
/** A sync writes chunk after chunk: reading one the moment it is there would hold up the next, in this very process. */
const GATHER_MS = 25;
/** A database that takes longer to say one number does not count as available, though the question may still be open. */
const ANSWER_MS = 1_000;

/** Keeps the in-memory index in step with the database, whoever writes there: this process, another replica, the earlier build. */
@Injectable()
export class CatalogueFollower {
  private running: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private unlisten: (() => Promise<void>) | undefined;
  private databaseUp = false;
  private readonly changeListeners = new Set<() => void>();

  constructor(
    private readonly index: CatalogueIndex,
    private readonly reader: CatalogueReader,
    private readonly direct: DirectConnection,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Whether the last look at the database succeeded. */
  get isDatabaseUp(): boolean {
    return this.databaseUp;
  }

  onChange(listener: () => void): void {
    this.changeListeners.add(listener);
  }

  async start(): Promise<void> {
    this.unlisten = await this.direct.listen(CATALOGUE_CHANNEL, {
      onNotification: () => {
        this.gather();
      },
      onListening: () => void this.refresh(),
    });
    this.timer = setInterval(() => void this.refresh(), POLL_MS);
    await this.refresh();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.gathering);
    await this.unlisten?.();
    await this.running;
  }

  /** Resolves once the index holds everything that was committed before the call. Never throws: the poll tries again. */
  async refresh(): Promise<void> {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.catchUp();
    try {
      await this.running;
    } finally {
      this.running = null;
    }
  }

  private gather(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      void this.refresh();
    }, GATHER_MS);
  }

  private async catchUp(): Promise<void> {
    await this.readOnce();
    // Asked again meanwhile: what the first reading saw may lack what that caller committed.
    while (this.takeRepeat()) await this.readOnce();
  }

  private takeRepeat(): boolean {
    const { again } = this;
    this.again = false;
    return again;
  }

  private async readOnce(): Promise<void> {
    const since = this.index.isLoaded ? this.index.version : null;
    const late = setTimeout(() => {
      this.noteDown(new Error(`no answer within ${ANSWER_MS} ms`));
    }, ANSWER_MS);
    try {
      const head = await this.reader.head();
      clearTimeout(late);
      this.databaseUp = true;
      if (since !== null && head <= since) return;
      const delta = await this.reader.changesSince(since);
      if (!delta) return;
      for (const _step of this.index.applying(delta)) await nextTurn();
      for (const listener of this.changeListeners) listener();
    } catch (error) {
      this.noteDown(error);
    } finally {
      clearTimeout(late);
    }
  }

  private noteDown(error: unknown): void {
    if (this.databaseUp) this.logger.warn({ err: error }, 'the catalogue cannot be read, answering from memory');
    this.databaseUp = false;
  }
}
