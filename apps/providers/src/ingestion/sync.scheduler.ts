import { Injectable } from '@nestjs/common';
import type { OfferSource } from '@gpubroker/contracts/offers';
import { isDatabaseUnavailable } from '@gpubroker/persistence/database';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { CatalogueFollower } from '../catalog/catalogue-follower';
import { CatalogueIndex } from '../catalog/catalogue-index';
import { ProvidersConfig } from '../providers.config';
import { LeaseLostError, SyncLeases, type SyncLease } from '../recording/sync-lease';
import { SyncLog } from '../recording/sync-log';
import { CatalogSync } from './catalog-sync.service';
import { ProviderSources, type ActiveSource } from './provider-sources';
import { jittered, syncInterval } from './sync-interval';
import { SyncService } from './sync.service';

const TICK_MS = 250;
const DECIDE_MS = 30_000;
/** While another replica has the lease: soon enough to take over after its crash. */
const OTHERS_LEASE_MS = 2_000;
const CATALOG_KEY = 'catalog';

/** Starts each sync when it is due, in one replica at a time, never two of one source in this process. */
@Injectable()
export class SyncScheduler {
  private timer: NodeJS.Timeout | undefined;
  private decider: NodeJS.Timeout | undefined;
  private readonly running = new Map<string, Promise<void>>();
  /** When to ask for a lease again: asking writes a row lock, so it is not done at every tick. */
  private readonly askAgainAt = new Map<string, number>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly config: ProvidersConfig,
    private readonly sources: ProviderSources,
    private readonly leases: SyncLeases,
    private readonly sync: SyncService,
    private readonly catalogSync: CatalogSync,
    private readonly log: SyncLog,
    private readonly index: CatalogueIndex,
    private readonly follower: CatalogueFollower,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await this.decideSources();
    if (this.stopping.signal.aborted) return;
    this.timer = setInterval(() => {
      this.tick();
    }, TICK_MS);
    this.decider = setInterval(() => void this.decideSources(), DECIDE_MS);
    this.tick();
  }

  /** Lets running syncs end or gives them up; what they had not written is written by the next one. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.timer);
    clearInterval(this.decider);
    await Promise.allSettled(this.running.values());
  }

  private async decideSources(): Promise<void> {
    try {
      await this.sources.decide(await this.log.providersWithRealRows());
    } catch (error) {
      this.logger.warn({ err: error }, 'the sources could not be decided, trying again');
    }
  }

  private tick(): void {
    if (!this.follower.isDatabaseUp) return;
    if (this.catalogSync.isConfigured)
      this.startOnce(CATALOG_KEY, 'catalog', this.config.syncIntervalSeconds, (lease) =>
        this.catalogSync.run(lease, this.liveSlugs()),
      );
    for (const source of this.sources.active) {
      if (this.isPaused(source)) continue;
      this.startOnce(source.slug, source.source, this.intervalOf(source), (lease) =>
        this.sync.syncProvider(source, lease),
      );
    }
  }

  private liveSlugs(): ReadonlySet<string> {
    return new Set(this.sources.active.filter(({ source }) => source === 'live').map(({ slug }) => slug));
  }

  /** Inactive providers are not asked; nor is the emulator for one that a catalog file speaks for. */
  private isPaused({ slug, source }: ActiveSource): boolean {
    const provider = this.index.providers().find((one) => one.slug === slug);
    if (provider && provider.status !== 'active') return true;
    return source === 'emulator' && (provider?.source === 'live' || this.catalogSync.speaksFor(slug));
  }

  /** A provider's own interval stands in its row; before its first sync the service's holds. */
  private intervalOf({ slug, source }: ActiveSource): number {
    const provider = this.index.providers().find((one) => one.slug === slug);
    return provider?.source === source
      ? provider.syncIntervalSeconds
      : syncInterval(this.config.syncIntervalSeconds, source, this.config.emulatorSpeed);
  }

  private startOnce(
    key: string,
    source: OfferSource,
    intervalSeconds: number,
    work: (lease: SyncLease) => Promise<unknown>,
  ): void {
    if (this.running.has(key) || performance.now() < (this.askAgainAt.get(key) ?? 0)) return;
    const run = this.runLeased(key, intervalSeconds, work).catch((error: unknown) => {
      if (this.stopping.signal.aborted || error instanceof LeaseLostError) return;
      if (isDatabaseUnavailable(error))
        this.logger.warn({ source: key }, 'sync given up: the database is not available');
      else this.logger.error({ source: key, kind: source, err: error }, 'sync failed');
    });
    this.running.set(
      key,
      run.finally(() => this.running.delete(key)),
    );
  }

  private async runLeased(
    key: string,
    intervalSeconds: number,
    work: (lease: SyncLease) => Promise<unknown>,
  ): Promise<void> {
    const lease = await this.leases.take(key);
    this.askAgainAt.set(key, performance.now() + Math.min(intervalSeconds * 1000, OTHERS_LEASE_MS));
    if (!lease) return;
    const signal = AbortSignal.any([lease.signal, this.stopping.signal]);
    try {
      await work({ ...lease, signal });
    } finally {
      const waitSeconds = jittered(intervalSeconds, Math.random());
      this.askAgainAt.set(key, performance.now() + waitSeconds * 1000);
      await lease.release(waitSeconds).catch(() => undefined);
    }
  }
}
