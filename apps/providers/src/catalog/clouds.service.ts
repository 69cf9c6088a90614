import { Injectable } from '@nestjs/common';
import type { CloudListDto, CloudStatusDto } from '@gpubroker/contracts/offers';
import { Database } from '@gpubroker/persistence/database';
import { ProviderSources } from '../ingestion/provider-sources';
import { ProvidersConfig } from '../providers.config';
import { CatalogueIndex } from './catalogue-index';
import { toProvider } from './catalogue-reader';
import { isStale } from './provider-item';
import { ProviderEntity } from './provider.entity';
import { databaseUnavailable, readInTime } from './read-in-time';

interface SyncState {
  readonly provider_id: string;
  readonly last_failure: string | null;
  readonly listing_truth: number | null;
}

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
    // Before the first state was read the tables may not even be there.
    if (!this.index.isLoaded) throw databaseUnavailable();
    const [rows, states] = await readInTime(() =>
      Promise.all([this.database.repository(ProviderEntity).find({ order: { name: 'ASC' } }), this.syncStates()]),
    );
    const counts = this.index.listedCounts();
    const items = rows.map((row) => this.toStatus(row, counts.get(row.id) ?? 0, states.get(row.id)));
    return { total: items.length, items };
  }

  private toStatus(row: ProviderEntity, offers: number, state: SyncState | undefined): CloudStatusDto {
    const provider = toProvider(row, this.config);
    return {
      provider: provider.slug,
      provider_name: provider.displayName,
      status: provider.status,
      source: provider.source,
      reliability_score: provider.reliabilityScore,
      listing_truth: state?.listing_truth ?? null,
      last_sync_at: provider.lastGoodSyncAt === null ? null : new Date(provider.lastGoodSyncAt).toISOString(),
      stale: isStale(provider, Date.now()),
      offers,
      error_count: row.errorCount,
      last_failure: state?.last_failure ?? null,
      sync_interval_seconds: provider.syncIntervalSeconds,
      breaker: this.sources.breakerState(provider.slug),
    };
  }

  private async syncStates(): Promise<Map<string, SyncState>> {
    const rows: SyncState[] = await this.database.dataSource.query(
      'SELECT provider_id, last_failure, listing_truth FROM providers.sync_state',
    );
    return new Map(rows.map((row) => [row.provider_id, row]));
  }
}
