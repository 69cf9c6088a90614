import type { AvailabilityStatus, ComplianceTag, MacroRegion, PricingKind } from '@gpubroker/contracts/offers';

export const SORT_FIELDS = [
  'price_per_hour',
  'price_per_node_hour',
  'gpu_memory_gb',
  'reliability_score',
  'last_seen_at',
  'cost_per_token',
] as const;
export type SortField = (typeof SORT_FIELDS)[number];

export interface SortKey {
  readonly field: SortField;
  readonly descending: boolean;
}

export type RegionFilter =
  | { readonly kind: 'macro'; readonly macro: MacroRegion }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'code'; readonly code: string };

/** What a buyer asked for, understood. Absent filters are absent members. */
export interface OfferFilters {
  readonly gpuType?: string;
  readonly region?: RegionFilter;
  readonly provider?: string;
  readonly availability?: AvailabilityStatus;
  readonly complianceTags?: readonly ComplianceTag[];
  readonly gpuMemoryMin?: number;
  readonly gpuMemoryMax?: number;
  readonly gpuMemory?: number;
  readonly gpuCount?: number;
  readonly pricing?: PricingKind;
  readonly priceMin?: number;
  readonly priceMax?: number;
  readonly text?: string;
}

export interface OfferQuery {
  readonly filters: OfferFilters;
  readonly sort: readonly SortKey[];
  readonly page: number;
  readonly perPage: number;
  /** A catalogue version to read; the newest when absent. */
  readonly version?: number;
}

/** What matches `q`: an offer does by its words (model and region) or by its cloud. */
export interface TextMatches {
  readonly words: ReadonlySet<string>;
  readonly providerIds: ReadonlySet<string>;
}
