import { Injectable } from '@nestjs/common';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { CatalogReader } from '../adapters/catalog/catalog.reader';
import { ProvidersConfig } from '../providers.config';
import type { SyncLease } from '../recording/sync-lease';
import { SyncService } from './sync.service';

/** Price catalog files: many clouds at once, none of them asked. A cloud that is live speaks for itself and is left out. */
@Injectable()
export class CatalogSync {
  private slugs: ReadonlySet<string> | null = null;

  constructor(
    private readonly config: ProvidersConfig,
    private readonly sync: SyncService,
    @InjectLogger() private readonly logger: Logger,
  ) {}

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
        { slug, displayName: slug, apiBaseUrl: '' },
        { source: 'catalog', startedAt, latencyMs, batch },
        lease,
      );
    }
    this.slugs = new Set(batches.keys());
  }

  private async read(signal: AbortSignal) {
    try {
      return await new CatalogReader({
        directory: this.config.catalogDirectory,
        url: this.config.catalogUrl,
        maxBytes: this.config.upstreamMaxBytes,
      }).read(signal);
    } catch (error) {
      this.slugs ??= new Set();
      this.logger.warn({ err: error }, 'the price catalog cannot be read');
      throw error;
    }
  }
}
