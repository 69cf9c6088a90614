import type { ProviderItemDto } from '@gpubroker/contracts/offers';
import type { CatalogueProvider } from './catalogue-offer';
import { lastSeenAt } from './offer-order';
import type { CostedOffer } from './unit-costs';

/** A provider is stale when its last good sync is older than this many of its intervals (SPEC P4). */
const STALE_INTERVALS = 3;

/** @param firstSeenAt ms, stands in before the first sync has ended: its offers are being written right now */
export function isStale(provider: CatalogueProvider | undefined, now: number, firstSeenAt = 0): boolean {
  if (!provider) return true;
  return now - (provider.lastGoodSyncAt ?? firstSeenAt) > STALE_INTERVALS * provider.syncIntervalSeconds * 1000;
}

/** The offer as SPEC P7 lists it. @param now ms, for `stale` */
export function toProviderItem(
  { offer, costs }: CostedOffer,
  provider: CatalogueProvider | undefined,
  now: number,
): ProviderItemDto {
  const seen = lastSeenAt(offer, provider);
  return {
    id: offer.id,
    provider: provider?.slug ?? '',
    provider_name: provider?.displayName ?? '',
    external_id: offer.externalId,
    gpu_type: offer.gpuType,
    gpu_family: offer.gpuFamily,
    gpu_count: offer.gpuCount,
    gpu_memory_gb: offer.gpuMemoryGb,
    cpu_cores: offer.cpuCores,
    ram_gb: offer.ramGb,
    storage_gb: offer.storageGb,
    price_per_hour: offer.pricePerHour,
    price_per_node_hour: offer.pricePerNodeHour,
    currency: offer.currency,
    pricing: offer.pricing,
    region: offer.region,
    availability_status: offer.availability,
    compliance_tags: [...offer.complianceTags],
    source: offer.source,
    stale: isStale(provider, now, offer.lastSeenAt),
    reliability_score: provider?.reliabilityScore ?? null,
    observed_at: new Date(seen).toISOString(),
    last_seen_at: new Date(seen).toISOString(),
    price_changed_at: offer.priceChangedAt === null ? null : new Date(offer.priceChangedAt).toISOString(),
    cost_per_token: costs.costPerToken,
    cost_per_gflop: costs.costPerGflop,
  };
}
