import { z } from 'zod';
import { AVAILABILITY_STATUSES } from '../offers';
import type { EventContract } from './event-contract';
import { currencyValue, priceValue, timeValue } from './wire-values';

const priceUpdateSchema = z.object({
  /** Equals the event-id header; in the payload too, because it travels on to WebSocket clients. */
  event_id: z.uuid(),
  offer_id: z.string().min(1),
  provider: z.string().min(1),
  gpu_type: z.string().min(1),
  region: z.string(),
  /** Per GPU-hour; null when the offer is seen for the first time. */
  old_price: priceValue.nullable(),
  /** Per GPU-hour. Equal to old_price when only the availability changed. */
  new_price: priceValue,
  currency: currencyValue,
  availability_status: z.enum(AVAILABILITY_STATUSES),
  /** The database's clock just before the commit, milliseconds. */
  timestamp: timeValue,
});

export type PriceUpdate = z.infer<typeof priceUpdateSchema>;

/** First sight of an offer, and each later change of its price or availability; nothing else. */
export const priceUpdates: EventContract<PriceUpdate> = {
  topic: 'price_updates',
  version: 1,
  versions: { 1: priceUpdateSchema },
  compacted: false,
  key: (update) => update.offer_id,
};
