import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { OutboxRelay } from '@gpubroker/events/relay';
import { Database } from '@gpubroker/persistence/database';
import { runMigrations } from '@gpubroker/persistence/migrations';
import { EVENT_LOG, type EventLog } from '@gpubroker/platform/events';
import { HealthRegistry } from '@gpubroker/platform/health';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { CatalogueFollower } from './catalog/catalogue-follower';
import { CatalogueIndex } from './catalog/catalogue-index';
import { ProviderSources } from './ingestion/provider-sources';
import { SyncScheduler } from './ingestion/sync.scheduler';
import { IntegrationRecheck } from './integrations/integration-recheck';
import { ProvidersConfig } from './providers.config';
import { providersDatabase } from './providers.database';

const RETRY_MS = 2_000;

/** What starts and stops beside the HTTP server: migrations, the follower, the syncs. */
@Injectable()
export class ProvidersLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly config: ProvidersConfig,
    private readonly database: Database,
    private readonly index: CatalogueIndex,
    private readonly follower: CatalogueFollower,
    private readonly scheduler: SyncScheduler,
    private readonly relay: OutboxRelay,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly sources: ProviderSources,
    private readonly integrationRecheck: IntegrationRecheck,
    private readonly health: HealthRegistry,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.registerHealth();
    void this.startWhenPossible();
  }

  /** Before the pools close: whatever writes must have stopped. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.scheduler.stop();
    await this.integrationRecheck.stop();
    await this.relay.stop();
    await this.log.close();
    await this.follower.stop();
  }

  private async startWhenPossible(): Promise<void> {
    for (;;) {
      try {
        await this.start();
        return;
      } catch (error) {
        if (this.isStopping()) return;
        this.logger.error({ err: error }, 'the tables are not ready, trying again');
      }
      await sleep(RETRY_MS);
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Waits for the database as long as it takes: requests are answered meanwhile, with 503 until there is a catalogue. */
  private async start(): Promise<void> {
    await this.database.whenReady();
    const ran = await runMigrations(providersDatabase(this.config));
    if (ran.length > 0) this.logger.info({ migrations: ran }, 'migrations ran');
    if (this.isStopping()) return;
    this.relay.start();
    await this.follower.start();
    await this.scheduler.start();
    this.integrationRecheck.start();
  }

  private registerHealth(): void {
    this.health.add({
      name: 'database',
      critical: () => !this.index.isLoaded,
      check: async () => ({ up: await this.database.isUp() }),
    });
    // Before the tables and the first state are there, requests could only be refused.
    this.health.add({ name: 'catalogue', critical: () => true, check: () => ({ up: this.index.isLoaded }) });
    this.health.add({
      name: 'providers',
      critical: () => false,
      check: () => ({
        up: true,
        detail: Object.fromEntries(this.sources.slugs.map((slug) => [slug, this.sources.breakerState(slug)])),
      }),
    });
  }
}
