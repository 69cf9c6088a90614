import type { ProviderItemDetailDto } from '@gpubroker/contracts/offers';
import { explainOffer } from './explain-offer';
import { saidByCloud, type OfferFacts } from './offer-facts';
import { lastSeenAt } from './offer-order';
import { toProviderItem } from './provider-item';
import { unitCosts } from './unit-costs';

const SPOT_KINDS = { on_demand: null, spot: 'fixed_price', bid: 'auction' } as const;

/** One offer with what the list leaves out. @param now ms, for `stale` */
export function toOfferDetail(facts: OfferFacts, now: number): ProviderItemDetailDto {
  const { offer, provider, held } = facts;
  const said = saidByCloud(facts.attributes);
  const seen = lastSeenAt(offer, provider);
  return {
    ...toProviderItem({ offer, costs: unitCosts(offer, facts.costs.rate) }, provider, now),
    upstream_gpu_name: facts.upstreamGpuName,
    gpu_match: facts.gpuMatch,
    availability_known: facts.availabilityKnown,
    spot_kind: offer.pricing === null ? null : SPOT_KINDS[offer.pricing],
    minimum_commitment: said.minimumCommitment,
    minimum_prepaid_hours: said.minimumPrepaidHours,
    price_includes: said.priceIncludes === null ? null : [...said.priceIncludes],
    price_observed_at: iso(seen),
    availability_observed_at: availabilityObservedAt(facts, seen),
    availability_changed_at: facts.availabilityChangedAt === null ? null : iso(facts.availabilityChangedAt),
    quarantine:
      held === null ? null : { reason: 'price_jump', price_per_hour: held.pricePerHour, held_since: iso(held.since) },
    explanation: explainOffer(facts),
    attributes: { ...facts.attributes },
  };
}

/** A price list speaks of prices only; that an offer is no longer listed is said by the sync that missed it. */
function availabilityObservedAt({ availabilityKnown, vanishedAt }: OfferFacts, seen: number): string | null {
  if (vanishedAt !== null) return iso(vanishedAt);
  return availabilityKnown ? iso(seen) : null;
}

const iso = (ms: number) => new Date(ms).toISOString();
