import type { ExclusionReason } from '@gpubroker/contracts/math';
import { MACRO_REGIONS } from '@gpubroker/contracts/offers';
import { macroRegionOf } from '@gpubroker/provider-adapter/normalise';
import type { Candidate, CandidateFacts } from './candidate';

/** What an offer must do to be ranked at all; null asks for nothing. */
export interface Demands {
  /** Whether GPUs with so many GB together hold the model. */
  readonly fits: ((vramGb: number) => boolean) | null;
  /** A code, a prefix that ends in "-", or a macro-region; lower case. */
  readonly region: string | null;
  /** For an hour of the bookable unit. */
  readonly hourlyBudget: { readonly amount: number; readonly currency: string } | null;
  /** The one currency that prices are compared in. */
  readonly currency: string;
}

/** Why the offer cannot do the work, or null. Judged by the offer alone, so that one more of them changes nothing. */
export function exclusionOf(candidate: Candidate, facts: CandidateFacts, demands: Demands): ExclusionReason | null {
  const units = candidate.gpuCount ?? 1;
  if (candidate.availability === 'unavailable') return 'unavailable';
  if (candidate.currency !== demands.currency) return 'currency';
  // A card of unknown memory cannot be promised to hold the model.
  if (demands.fits !== null && (facts.memoryGb === null || !demands.fits(facts.memoryGb * units))) return 'memory';
  if (demands.region !== null && !isIn(candidate.region.toLowerCase(), demands.region)) return 'region';
  if (demands.hourlyBudget !== null && candidate.pricePerHour * units > demands.hourlyBudget.amount) return 'budget';
  return null;
}

/** As the list's own filter has it (SPEC P7). */
function isIn(region: string, wanted: string): boolean {
  if ((MACRO_REGIONS as readonly string[]).includes(wanted))
    return region === wanted || macroRegionOf(region) === wanted;
  return wanted.endsWith('-') ? region.startsWith(wanted) : region === wanted;
}
