import type { CatalogueOffer, CatalogueProvider } from './catalogue-offer';
import type { SortField, SortKey } from './offer-query';

type Providers = ReadonlyMap<string, CatalogueProvider>;

/** What an offer is sorted by; null when it is not known, and unknown goes last in either direction. */
const VALUE_OF: Readonly<Record<SortField, (offer: CatalogueOffer, providers: Providers) => number | null>> = {
  price_per_hour: (offer) => offer.pricePerHour,
  price_per_node_hour: (offer) => offer.pricePerNodeHour,
  gpu_memory_gb: (offer) => offer.gpuMemoryGb,
  reliability_score: (offer, providers) => providers.get(offer.providerId)?.reliabilityScore ?? null,
  last_seen_at: (offer, providers) => lastSeenAt(offer, providers.get(offer.providerId)),
  cost_per_token: () => null,
};

/** Present offers were last seen when their provider was last synced well: no row is rewritten only to say so. */
export function lastSeenAt(offer: CatalogueOffer, provider: CatalogueProvider | undefined): number {
  return offer.vanished ? offer.lastSeenAt : Math.max(offer.lastSeenAt, provider?.lastGoodSyncAt ?? 0);
}

/** A total order: equal offers stand by id, so that pages never repeat or skip one. */
export function offerComparator(
  sort: readonly SortKey[],
  providers: Providers,
): (a: CatalogueOffer, b: CatalogueOffer) => number {
  return (a, b) => {
    for (const { field, descending } of sort) {
      const order = compareKnown(VALUE_OF[field](a, providers), VALUE_OF[field](b, providers), descending);
      if (order !== 0) return order;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  };
}

function compareKnown(a: number | null, b: number | null, descending: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return descending ? b - a : a - b;
}

/** True when the order depends on the providers' own facts, which move without any offer moving. */
export const dependsOnProviders = (sort: readonly SortKey[]): boolean =>
  sort.some(({ field }) => field === 'reliability_score' || field === 'last_seen_at');
