import type {
  AvailabilityStatus,
  ComplianceTag,
  MacroRegion,
  OfferSource,
  PricingKind,
} from '@gpubroker/contracts/offers';

/** One offer as the in-memory index keeps it: immutable, replaced whole when anything about it changes. Times in ms. */
export interface CatalogueOffer {
  readonly id: string;
  readonly providerId: string;
  readonly externalId: string;
  readonly gpuType: string;
  readonly gpuFamily: string | null;
  readonly gpuCount: number | null;
  readonly gpuMemoryGb: number | null;
  readonly cpuCores: number | null;
  readonly ramGb: number | null;
  readonly storageGb: number | null;
  readonly pricePerHour: number;
  readonly pricePerNodeHour: number | null;
  readonly currency: string;
  readonly pricing: PricingKind | null;
  readonly region: string;
  readonly macroRegion: MacroRegion | null;
  readonly availability: AvailabilityStatus;
  readonly complianceTags: readonly ComplianceTag[];
  readonly source: OfferSource;
  /** When it was last listed, for offers that are gone; present offers were last listed at their provider's last good sync. */
  readonly lastSeenAt: number;
  readonly priceChangedAt: number | null;
  /** True when the last good sync no longer had it. */
  readonly vanished: boolean;
  /** Rows of the earlier build may have no price: they are kept and not listed. */
  readonly listed: boolean;
}

/** One cloud as the index keeps it. */
export interface CatalogueProvider {
  readonly id: string;
  readonly slug: string;
  readonly displayName: string;
  readonly status: 'active' | 'inactive' | 'maintenance';
  readonly source: OfferSource | null;
  readonly reliabilityScore: number | null;
  readonly lastGoodSyncAt: number | null;
  readonly syncIntervalSeconds: number;
}

/** Rows of a source that the provider no longer uses (the emulator's, once it went live) are kept and not listed. */
export function isListed(offer: CatalogueOffer, provider: CatalogueProvider | undefined): boolean {
  const used = provider?.source ?? null;
  return offer.listed && (used === null || used === offer.source);
}
