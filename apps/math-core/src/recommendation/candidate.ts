import type { AvailabilityStatus } from '@gpubroker/contracts/offers';
import type { OfferTraits } from '../similarity/offer-similarity';

/** An offer as the ranking reads it; null is what it does not say. */
export interface Candidate {
  readonly id: string;
  readonly gpuType: string;
  readonly provider: string;
  readonly region: string;
  readonly gpuCount: number | null;
  /** Of one GPU. */
  readonly gpuMemoryGb: number | null;
  /** Of one GPU, in `currency`. */
  readonly pricePerHour: number;
  readonly currency: string;
  readonly availability: AvailabilityStatus;
  readonly reliability: number | null;
  readonly isEmulated: boolean;
  readonly isStale: boolean;
  /** For the likeness to what the work asks for. */
  readonly traits: OfferTraits;
}

/** What the benchmark table and the estimator say about its GPU. */
export interface CandidateFacts {
  /** In the unit of the kind of work, see WORK_RULES; null where the card or its rate is not known. */
  readonly speed: number | null;
  /** Of one GPU: the offer's own figure, else the table's. */
  readonly memoryGb: number | null;
}
