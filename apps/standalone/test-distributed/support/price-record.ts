import { randomUUID } from 'node:crypto';
import { priceUpdates, type PriceUpdate } from '@gpubroker/contracts/events';
import type { EventRecord } from '@gpubroker/events/transport';

/** A price change as a producer of this product writes it. */
export function priceRecord(offerId: string, price: number): EventRecord {
  const update: PriceUpdate = {
    event_id: randomUUID(),
    offer_id: offerId,
    provider: 'vastai',
    gpu_type: 'H100-SXM',
    region: 'us-east-1',
    old_price: null,
    new_price: price,
    currency: 'USD',
    availability_status: 'available',
    timestamp: new Date().toISOString(),
  };
  return {
    topic: priceUpdates.topic,
    key: offerId,
    value: JSON.stringify(update),
    headers: { 'event-id': update.event_id, 'event-version': String(priceUpdates.version) },
  };
}

export const idOf = (record: EventRecord): string => record.headers['event-id'] ?? '';
