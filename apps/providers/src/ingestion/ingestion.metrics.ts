import { Inject, Injectable, Optional } from '@nestjs/common';
import { reportCircuits, ServiceMetrics } from '@gpubroker/platform/metrics';
import { SECRET_BOX, type SecretBox } from '@gpubroker/platform/secrets';
import type { RejectedRow } from '@gpubroker/provider-adapter/adapter';
import type { Counter, Histogram } from 'prom-client';
import { CatalogueIndex } from '../catalog/catalogue-index';
import { MathCoreClient } from '../enrichment/math-core.client';
import { TenantClouds } from '../integrations/tenant-clouds';
import { ProviderSources } from './provider-sources';
import type { SyncOutcome } from './sync-outcome';

/** What /metrics says about the clouds. */
@Injectable()
export class IngestionMetrics {
  private readonly rejections: Counter<'provider' | 'reason'>;
  private readonly syncs: Counter<'provider' | 'outcome'>;
  private readonly held: Counter<'provider' | 'kind'>;
  private readonly seconds: Histogram<'provider'>;

  constructor(
    metrics: ServiceMetrics,
    sources: ProviderSources,
    index: CatalogueIndex,
    tenantClouds: TenantClouds,
    @Inject(SECRET_BOX) box: SecretBox,
    @Optional() mathCore?: MathCoreClient,
  ) {
    this.rejections = metrics.counter('gpubroker_offer_rejections_total', 'Upstream rows that became no offer', [
      'provider',
      'reason',
    ]);
    this.syncs = metrics.counter('gpubroker_provider_syncs_total', 'Syncs by how they ended', ['provider', 'outcome']);
    this.held = metrics.counter('gpubroker_held_total', 'What the sanity gate held back', ['provider', 'kind']);
    this.seconds = metrics.histogram(
      'gpubroker_provider_sync_seconds',
      'Time to pull a cloud',
      ['provider'],
      [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    );
    reportCircuits(metrics, () => {
      const others = [mathCore?.breaker, box.breaker].filter((breaker) => breaker !== undefined && breaker !== null);
      return [...sources.breakers(), ...tenantClouds.breakers(), ...others];
    });
    metrics.gauge('gpubroker_offers', 'Offers listed now', ['provider'], (gauge) => {
      const counts = index.listedCounts();
      for (const provider of index.providers()) gauge.set({ provider: provider.slug }, counts.get(provider.id) ?? 0);
    });
  }

  countRejections(provider: string, rejected: readonly RejectedRow[]): void {
    for (const { reason } of rejected) this.rejections.inc({ provider, reason });
  }

  countSync(provider: string, outcome: SyncOutcome, heldPrices: number): void {
    this.syncs.inc({ provider, outcome: outcome.status });
    this.seconds.observe({ provider }, outcome.latencyMs / 1000);
    if (heldPrices > 0) this.held.inc({ provider, kind: 'price_jump' }, heldPrices);
    if (outcome.status === 'held_row_count') this.held.inc({ provider, kind: 'row_count' });
  }
}
