import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type INestApplication } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { runMigrations } from '@gpubroker/persistence/migrations';
import { EventFollower } from '@gpubroker/platform/events';
import { HealthRegistry } from '@gpubroker/platform/health';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { RatesRefresher } from './costs/rates.refresher';
import { KpiConfig } from './kpi.config';
import { kpiDatabase } from './kpi.database';
import { DayPricesKeeper } from './projection/day-prices';
import { Forgetting } from './projection/forgetting';

const RETRY_MS = 2_000;

/** What starts and stops beside the HTTP server: migrations, then whatever needs the tables. */
@Injectable()
export class KpiLifecycle implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  /** The step that runs; waiting for the database is no part of it, and ends when the database is closed. */
  private running: Promise<unknown> = Promise.resolve();
  private hasTables = false;

  constructor(
    private readonly config: KpiConfig,
    private readonly database: Database,
    private readonly follower: EventFollower,
    private readonly rates: RatesRefresher,
    private readonly dayPrices: DayPricesKeeper,
    private readonly forgetting: Forgetting,
    private readonly health: HealthRegistry,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Does not wait for the database: requests are answered meanwhile, with 503. */
  start(app: INestApplication): void {
    this.health.add({
      name: 'database',
      critical: () => true,
      check: async () => ({ up: this.hasTables && (await this.database.isUp()) }),
    });
    this.follower.serve(app);
    void this.startWhenPossible();
  }

  /** Before the pools close: whatever writes must have stopped. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.forgetting.stop();
    await this.running.catch(() => undefined);
    await this.follower.stop();
    await this.dayPrices.stop();
    await this.rates.stop();
  }

  private async startWhenPossible(): Promise<void> {
    while (!this.isStopping()) {
      try {
        await this.database.whenReady();
        const running = this.startWork();
        this.running = running;
        await running;
        return;
      } catch (error) {
        if (this.isStopping()) return;
        this.logger.error({ err: error }, 'the tables are not ready, trying again');
      }
      await sleep(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async startWork(): Promise<void> {
    const ran = await runMigrations(kpiDatabase(this.config));
    if (ran.length > 0) this.logger.info({ migrations: ran }, 'migrations ran');
    this.hasTables = true;
    if (this.isStopping()) return;
    this.rates.start();
    this.forgetting.start();
    this.dayPrices.start();
    await this.follower.follow();
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }
}
