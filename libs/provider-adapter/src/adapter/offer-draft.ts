import type { ComplianceTag, PricingKind } from '@gpubroker/contracts/offers';
import {
  identifyGpu,
  isPriceProblem,
  macroRegionOf,
  namesNoGpu,
  nodePrice,
  type GpuReport,
  type PriceProblem,
} from '../normalise';
import type { ProviderOffer, StockLevel } from './provider-offer';

/** An upstream row after its cloud's peculiarities are gone, and before what is the same for every cloud is done. */
export interface OfferDraft {
  readonly provider: string;
  readonly externalId: string;
  readonly gpu: GpuReport;
  /** The name as the cloud wrote it, where gpu.name says more than that. */
  readonly upstreamGpuName?: string;
  /** Cards in the bookable unit; for a partition the partitions. */
  readonly gpuCount: number;
  /** Per hour for the whole unit, as the cloud writes it; whatever is no price is rejected. */
  readonly pricePerNodeHour: unknown;
  /** ISO 4217, in either case. */
  readonly currency: string;
  readonly pricing: PricingKind;
  /** A region code: regionCode() or regionFromPlace(). */
  readonly region: string;
  readonly availability: StockLevel;
  readonly cpuCores?: number | null;
  readonly ramGb?: number | null;
  readonly storageGb?: number | null;
  readonly complianceTags: readonly ComplianceTag[];
  /** Members without a value are left out. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The offer, or why there is none. */
export function completeOffer(draft: OfferDraft): ProviderOffer | PriceProblem {
  if (namesNoGpu(draft.gpu.name))
    return { reason: 'no_gpu', detail: 'What stands for the GPU says that there is none.' };
  const currency = draft.currency.trim().toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) return { reason: 'malformed', detail: 'The price is in no currency.' };
  const card = identifyGpu(draft.gpu);
  const gpuCount = draft.gpuCount * card.fraction;
  const price = nodePrice(draft.pricePerNodeHour, gpuCount);
  if (isPriceProblem(price)) return price;
  return {
    provider: draft.provider,
    externalId: draft.externalId,
    gpuType: card.gpuType,
    gpuFamily: card.gpuFamily,
    gpuMatch: card.match,
    upstreamGpuName: draft.upstreamGpuName ?? draft.gpu.name,
    gpuCount,
    gpuMemoryGb: card.memoryGb,
    cpuCores: positive(draft.cpuCores),
    ramGb: positive(draft.ramGb),
    storageGb: positive(draft.storageGb),
    ...price,
    currency,
    pricing: draft.pricing,
    region: draft.region,
    macroRegion: macroRegionOf(draft.region),
    availability: draft.availability,
    complianceTags: draft.complianceTags,
    attributes: withValues({
      ...draft.attributes,
      gpu_vendor: card.vendor,
      gpu_memory_unusual: card.oddMemory ? true : null,
      gpu_slice: card.fraction < 1 ? card.fraction : null,
    }),
  };
}

/** A size that is not known is null, never 0. */
function positive(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) && value > 0 ? value : null;
}

function withValues(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined));
}
