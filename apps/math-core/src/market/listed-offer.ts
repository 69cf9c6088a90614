import { AVAILABILITY_STATUSES, OFFER_SOURCES, PRICING_KINDS } from '@gpubroker/contracts/offers';
import { z } from 'zod';

/** What is read of an offer of the list; further members are let through unread. */
const listedOfferSchema = z.object({
  id: z.string().min(1),
  provider: z.string(),
  gpu_type: z.string().min(1),
  price_per_hour: z.number().positive(),
  currency: z.string().min(1),
  pricing: z.enum(PRICING_KINDS).nullable(),
  availability_status: z.enum(AVAILABILITY_STATUSES),
  source: z.enum(OFFER_SOURCES),
  stale: z.boolean(),
  observed_at: z.iso.datetime(),
});

export type ListedOffer = z.infer<typeof listedOfferSchema>;

/** @throws ZodError when it is no list of offers: the peer speaks another language than its contract */
export const listedOffers = (answer: unknown): ListedOffer[] =>
  z.object({ items: z.array(listedOfferSchema) }).parse(answer).items;
