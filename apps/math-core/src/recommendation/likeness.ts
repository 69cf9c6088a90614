import { offerSimilarity, type OfferTraits } from '../similarity/offer-similarity';
import type { Candidate } from './candidate';
import type { WorkProfile } from './parse-recommend';
import { WORK_RULES } from './work-rules';

/**
 * How like an offer is to what the work asks for, 0 to 1: the cosine of /math/content-similarity, moved from -1…1. The price is
 * left out of it, because likeness to a typical price would make a cheaper offer worse.
 */
export function likeness(candidate: Candidate, wanted: OfferTraits): number {
  const { numbers, words } = candidate.traits;
  return (offerSimilarity({ numbers: { ...numbers, price_per_hour: null }, words }, wanted) + 1) / 2;
}

const WORDS_LEFT_OPEN = { gpu_type: null, gpu_family: null, provider: null } as const;

/** An offer as the work would wish it: enough memory, processors and RAM of its kind, on demand. Its region is demanded, not wished. */
export function wantedTraits({ type }: WorkProfile): OfferTraits {
  const { gpuMemoryGb, cpuCores, ramGb } = WORK_RULES[type].liked;
  return {
    numbers: {
      price_per_hour: null,
      gpu_memory_gb: gpuMemoryGb,
      gpu_count: 1,
      cpu_cores: cpuCores,
      ram_gb: ramGb,
    },
    words: { ...WORDS_LEFT_OPEN, pricing: 'on_demand', region: null },
  };
}
