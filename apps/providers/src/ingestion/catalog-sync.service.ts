import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { CatalogAdapter } from '../adapters/catalog/catalog.adapter';
import { cloudDisplayName } from '../adapters/catalog/catalog.clouds';
import { UpstreamHttp } from '@gpubroker/provider-adapter/upstream';
import type { OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { ProvidersConfig } from '../providers.config';
import type { SyncLease } from '../recording/sync-lease';
import { hostAndPort } from './provider-sources';
import { SyncService } from './sync.service';

/** Price catalog files: many clouds at once, none of them asked. A cloud that is live speaks for itself and is left out. */
@Injectable()
export class CatalogSync implements OnApplicationShutdown {
  private slugs: ReadonlySet<string> | null = null;
  private readonly upstream: UpstreamHttp;
  private readonly catalog: CatalogAdapter;

  constructor(
    private readonly config: ProvidersConfig,
    private readonly sync: SyncService,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.upstream = new UpstreamHttp({
      provider: 'catalog',
      timeoutMs: config.upstreamTimeoutMs,
      maxBytes: config.upstreamMaxBytes,
      privateHosts: config.catalogUrl === null ? [] : [hostAndPort(new URL(config.catalogUrl))],
    });
    this.catalog = new CatalogAdapter({
      ...(config.catalogDirectory !== null && { directory: config.catalogDirectory }),
      ...(config.catalogUrl !== null && { url: config.catalogUrl }),
      upstream: this.upstream,
      maxBytes: config.upstreamMaxBytes,
      onProblem: (error) => this.logger.warn({ err: error }, 'a price catalog file cannot be used'),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.upstream.close();
  }

  get isConfigured(): boolean {
    return this.config.catalogDirectory !== null || this.config.catalogUrl !== null;
  }

  /** Whether the emulator has to leave this cloud alone; before the first reading that is not known, so it has to. */
  speaksFor(slug: string): boolean {
    return this.isConfigured && (this.slugs === null || this.slugs.has(slug));
  }

  async run(lease: SyncLease, liveSlugs: ReadonlySet<string>): Promise<void> {
    const startedAt = new Date();
    const began = performance.now();
    const batches = await this.read(lease.signal);
    const latencyMs = performance.now() - began;
    for (const [slug, batch] of batches) {
      if (liveSlugs.has(slug)) continue;
      await this.sync.record(
        { slug, displayName: cloudDisplayName(slug), apiBaseUrl: this.config.catalogUrl ?? '' },
        { source: 'catalog', startedAt, latencyMs, batch },
        lease,
      );
    }
    this.slugs = new Set(batches.keys());
  }

  private async read(signal: AbortSignal): Promise<Map<string, OfferBatch>> {
    try {
      return await this.catalog.readCatalog({ signal });
    } catch (error) {
      this.slugs ??= new Set();
      this.logger.warn({ err: error }, 'the price catalog cannot be read');
      throw error;
    }
  }
}
