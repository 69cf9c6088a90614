import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { runMigrations } from '@gpubroker/persistence/migrations';
import { HealthRegistry } from '@gpubroker/platform/health';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { MathCoreConfig } from './math-core.config';
import { mathCoreDatabase } from './math-core.database';

const RETRY_MS = 2_000;

/** Runs the migrations once the database answers; what needs no table is answered before that. */
@Injectable()
export class MathCoreLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private migrating: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: MathCoreConfig,
    private readonly database: Database,
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
    this.migrating = this.migrateWhenPossible();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.migrating;
  }

  private async migrateWhenPossible(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.database.whenReady(RETRY_MS);
        const ran = await runMigrations(mathCoreDatabase(this.config));
        if (ran.length > 0) this.logger.info({ migrations: ran }, 'migrations ran');
        return;
      } catch (error) {
        this.logger.error({ err: error }, 'the benchmark table is not ready, trying again');
      }
      await sleep(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }
}
