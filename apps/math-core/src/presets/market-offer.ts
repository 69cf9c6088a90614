import type { ProviderItemDto } from '@gpubroker/contracts/offers';
import { AVAILABILITY_STATUSES, COMPLIANCE_TAGS, OFFER_SOURCES, PRICING_KINDS } from '@gpubroker/contracts/offers';
import { z } from 'zod';

const unknownYet = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().default(null);

/** What a choice needs of an offer of the list; the rest is handed on as it came. */
const marketOfferSchema = z.looseObject({
  id: z.string().min(1),
  provider: z.string(),
  gpu_type: z.string().min(1),
  gpu_count: unknownYet(z.number().positive()),
  gpu_memory_gb: unknownYet(z.number().nonnegative()),
  price_per_hour: z.number().positive(),
  currency: z.string().min(1),
  pricing: unknownYet(z.enum(PRICING_KINDS)),
  region: z.string(),
  availability_status: z.enum(AVAILABILITY_STATUSES),
  compliance_tags: z.array(z.enum(COMPLIANCE_TAGS)).default([]),
  source: z.enum(OFFER_SOURCES),
  stale: z.boolean(),
  reliability_score: unknownYet(z.number().min(0).max(1)),
});

export type MarketOffer = z.infer<typeof marketOfferSchema> & ProviderItemDto;

/** @throws ZodError when it is no list of offers: the peer speaks another language than its contract */
export const marketOffers = (answer: unknown): MarketOffer[] =>
  z.object({ items: z.array(marketOfferSchema) }).parse(answer).items as MarketOffer[];

const CURRENCY = 'USD';

/** What can be recommended: to be had, not stale, at a price one goes on paying; live ones only, where there are any. */
export function recommendable(offers: readonly MarketOffer[]): MarketOffer[] {
  const usable = offers.filter(
    ({ availability_status, stale, pricing, currency }) =>
      availability_status !== 'unavailable' && !stale && pricing !== 'bid' && currency === CURRENCY,
  );
  const real = usable.filter(({ source }) => source !== 'emulator');
  return real.length > 0 ? real : usable;
}
