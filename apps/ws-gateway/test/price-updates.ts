import { randomUUID } from 'node:crypto';
import type { PriceUpdate } from '@gpubroker/contracts/events';

export function priceUpdate(change: Partial<PriceUpdate> = {}): PriceUpdate {
  return {
    event_id: randomUUID(),
    offer_id: randomUUID(),
    provider: 'vastai',
    gpu_type: 'H100-SXM',
    region: 'us-texas',
    old_price: 2.5,
    new_price: 2.4,
    currency: 'USD',
    availability_status: 'available',
    timestamp: new Date().toISOString(),
    ...change,
  };
}

export const priceList = (count: number, change: Partial<PriceUpdate> = {}): PriceUpdate[] =>
  Array.from({ length: count }, () => priceUpdate(change));

export const idsOf = (updates: readonly { event_id: string }[]): string[] => updates.map(({ event_id }) => event_id);
