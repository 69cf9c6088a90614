import { z } from 'zod';
import { AVAILABILITY_STATUSES, COMPLIANCE_TAGS, MACRO_REGIONS, OFFER_SOURCES, PRICING_KINDS } from '../offers';
import type { EventContract } from './event-contract';
import { currencyValue, priceValue, timeValue } from './wire-values';

const unknownYet = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().default(null);

const offerStateSchema = z.object({
  offer_id: z.string().min(1),
  /** Slug of the cloud. */
  provider: z.string().min(1),
  external_id: z.string().min(1),
  /** Canonical model, for example `H100-SXM`. */
  gpu_type: z.string().min(1),
  gpu_family: unknownYet(z.string()),
  /** GPUs in the bookable unit; a fraction where the cloud sells slices; null for rows of the earlier build. */
  gpu_count: z.number().positive().nullable(),
  /** Of one GPU. */
  gpu_memory_gb: unknownYet(z.number().nonnegative()),
  /** Of the whole bookable unit. */
  cpu_cores: unknownYet(z.number().nonnegative()),
  ram_gb: unknownYet(z.number().nonnegative()),
  storage_gb: unknownYet(z.number().nonnegative()),
  /** Per GPU-hour. */
  price_per_hour: priceValue,
  /** Of the whole bookable unit per hour, as the cloud sells it. */
  price_per_node_hour: unknownYet(priceValue),
  currency: currencyValue,
  pricing: z.enum(PRICING_KINDS).nullable(),
  region: z.string(),
  macro_region: unknownYet(z.enum(MACRO_REGIONS)),
  availability_status: z.enum(AVAILABILITY_STATUSES),
  compliance_tags: z.array(z.enum(COMPLIANCE_TAGS)).default([]),
  source: z.enum(OFFER_SOURCES),
  /** False while an administrator hides the offer: it is kept, but counted and shown nowhere. */
  listed: z.boolean().default(true),
  observed_at: timeValue,
  last_seen_at: unknownYet(timeValue),
  price_changed_at: unknownYet(timeValue),
  /** 0 to 1. */
  reliability_score: unknownYet(z.number().min(0).max(1)),
});

export type OfferState = z.infer<typeof offerStateSchema>;

/** The full state of one offer after a change; null payload when the offer is gone. The newest per offer_id is kept. */
export const offers: EventContract<OfferState> = {
  topic: 'offers',
  version: 1,
  versions: { 1: offerStateSchema },
  compacted: true,
  key: (offer) => offer.offer_id,
};
