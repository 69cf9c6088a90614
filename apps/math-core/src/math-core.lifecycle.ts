import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { OutboxRelay } from '@gpubroker/events/relay';
import { Database } from '@gpubroker/persistence/database';
import { runMigrations } from '@gpubroker/persistence/migrations';
import { EventFollower } from '@gpubroker/platform/events';
import { HealthRegistry } from '@gpubroker/platform/health';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { TasteTrainer } from './interactions/taste.trainer';
import { MathCoreConfig } from './math-core.config';
import { mathCoreDatabase } from './math-core.database';

const RETRY_MS = 2_000;

/** Runs the migrations once the database answers, then follows what users do; what needs no table is answered before that. */
@Injectable()
export class MathCoreLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  /** The migration that runs; waiting for the database is no part of it, and ends when the database is closed. */
  private migrating: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly config: MathCoreConfig,
    private readonly database: Database,
    private readonly follower: EventFollower,
    private readonly trainer: TasteTrainer,
    private readonly relay: OutboxRelay,
    private readonly health: HealthRegistry,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    // Not critical: TOPSIS and its kin go on without a table.
    this.health.add({
      name: 'database',
      critical: () => false,
      check: async () => ({ up: await this.database.isUp() }),
    });
    void this.migrateWhenPossible();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.migrating.catch(() => undefined);
    await this.trainer.stop();
    await this.relay.stop();
    await this.follower.stop();
  }

  private async migrateWhenPossible(): Promise<void> {
    while (!this.isStopping()) {
      try {
        await this.database.whenReady();
        const running = this.startWork();
        this.migrating = running;
        await running;
        return;
      } catch (error) {
        if (this.isStopping()) return;
        this.logger.error({ err: error }, 'the benchmark table is not ready, trying again');
      }
      await sleep(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async startWork(): Promise<void> {
    const ran = await runMigrations(mathCoreDatabase(this.config));
    if (ran.length > 0) this.logger.info({ migrations: ran }, 'migrations ran');
    if (this.isStopping()) return;
    this.relay.start();
    this.trainer.start();
    await this.follower.follow();
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }
}
