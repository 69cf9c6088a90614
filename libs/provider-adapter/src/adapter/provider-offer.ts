import type { AvailabilityStatus, ComplianceTag, MacroRegion, PricingKind } from '@gpubroker/contracts/offers';

/** What a cloud said about stock. `unknown`: the source is a price list and says nothing. */
export type StockLevel = AvailabilityStatus | 'unknown';

/** How surely the upstream GPU name was recognised: token-exact, by alias, only its family, or not at all. */
export type GpuMatch = 'exact' | 'alias' | 'family' | 'unknown';

/** One offer as the product keeps it: normalised once, at the adapter. Money is a decimal string, never a float. */
export interface ProviderOffer {
  /** Slug of the cloud, for example `vastai`. */
  readonly provider: string;
  /** Stable within the provider, at most 255 characters: upstream id + region + pricing kind where the id alone is not unique. */
  readonly externalId: string;
  /** Canonical model, for example `H100-SXM`, `A100-80GB-PCIE`; the cleaned upstream name when it is not known. */
  readonly gpuType: string;
  /** Family for grouping, for example `H100`; null when the name is not known. */
  readonly gpuFamily: string | null;
  readonly gpuMatch: GpuMatch;
  /** The GPU name exactly as the cloud wrote it. */
  readonly upstreamGpuName: string;
  /** GPUs in the bookable unit; a fraction where the cloud sells slices. */
  readonly gpuCount: number;
  /** VRAM of ONE GPU in GB (vendor's number when the report is within 7 %); null when unknown. */
  readonly gpuMemoryGb: number | null;
  /** What the renter gets, for the whole bookable unit; null when the cloud does not say. RAM and storage in GB. */
  readonly cpuCores: number | null;
  readonly ramGb: number | null;
  readonly storageGb: number | null;
  /** Decimal strings in `currency` per hour: of one GPU, and of the whole bookable unit as sold. */
  readonly pricePerGpuHour: string;
  readonly pricePerNodeHour: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly pricing: PricingKind;
  /** Region code: lower case, dash-separated; `global` when the cloud names none. */
  readonly region: string;
  readonly macroRegion: MacroRegion | null;
  readonly availability: StockLevel;
  readonly complianceTags: readonly ComplianceTag[];
  /** Further facts kept for display and explanation (price_includes, host, verification …); plain JSON, no secrets. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Why an upstream row did not become an offer. Each reason is a metric label, so the list is closed. */
export const REJECTION_REASONS = [
  'malformed',
  'missing_field',
  'no_gpu',
  'price_missing',
  'price_zero',
  'price_placeholder',
  'not_for_sale',
  'unsupported_product',
  'restricted_region',
  'duplicate',
  'out_of_range',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

export interface RejectedRow {
  readonly reason: RejectionReason;
  /** Upstream id or position, enough to find the row again. */
  readonly row: string;
  /** One sentence for people. */
  readonly detail: string;
}

/** What one pull of a cloud gave: the offers, and every row that became none with its reason. */
export interface OfferBatch {
  readonly offers: readonly ProviderOffer[];
  readonly rejected: readonly RejectedRow[];
}
