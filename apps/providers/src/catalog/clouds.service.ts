import { Injectable } from '@nestjs/common';
import type { CloudListDto, CloudStatusDto } from '@gpubroker/contracts/offers';
import { Database } from '@gpubroker/persistence/database';
import { ProviderSources } from '../ingestion/provider-sources';
import { ProvidersConfig } from '../providers.config';
import { CatalogueIndex } from './catalogue-index';
import { toProvider } from './catalogue-reader';
import { isStale } from './provider-item';
import { ProviderEntity } from './provider.entity';

/** The clouds themselves: how fresh and how reliable what they say is. */
@Injectable()
export class CloudsService {
  constructor(
    private readonly database: Database,
    private readonly index: CatalogueIndex,
    private readonly sources: ProviderSources,
    private readonly config: ProvidersConfig,
  ) {}

  async list(): Promise<CloudListDto> {
    const rows = await this.database.repository(ProviderEntity).find({ order: { name: 'ASC' } });
    const failures = await this.lastFailures();
    const counts = this.index.listedCounts();
    const items = rows.map((row) => this.toStatus(row, counts.get(row.id) ?? 0, failures.get(row.id) ?? null));
    return { total: items.length, items };
  }

  private toStatus(row: ProviderEntity, offers: number, lastFailure: string | null): CloudStatusDto {
    const provider = toProvider(row, this.config);
    return {
      provider: provider.slug,
      provider_name: provider.displayName,
      status: provider.status,
      source: provider.source,
      reliability_score: provider.reliabilityScore,
      last_sync_at: provider.lastGoodSyncAt === null ? null : new Date(provider.lastGoodSyncAt).toISOString(),
      stale: isStale(provider, Date.now()),
      offers,
      error_count: row.errorCount,
      last_failure: lastFailure,
      sync_interval_seconds: provider.syncIntervalSeconds,
      breaker: this.sources.breakerState(provider.slug),
    };
  }

  private async lastFailures(): Promise<Map<string, string>> {
    const rows: { provider_id: string; last_failure: string }[] = await this.database.dataSource.query(
      'SELECT provider_id, last_failure FROM providers.sync_state WHERE last_failure IS NOT NULL',
    );
    return new Map(rows.map((row) => [row.provider_id, row.last_failure]));
  }
}
