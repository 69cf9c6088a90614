import { randomUUID } from 'node:crypto';
import type { OfferState, PriceUpdate } from '@gpubroker/contracts/events';

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

export function offerState(offer_id: string, change: Partial<OfferState> = {}): OfferState {
  const now = new Date().toISOString();
  return {
    offer_id,
    provider: 'vastai',
    external_id: offer_id,
    gpu_type: 'H100-SXM',
    gpu_family: 'H100',
    gpu_count: 8,
    gpu_memory_gb: 80,
    cpu_cores: null,
    ram_gb: null,
    storage_gb: null,
    price_per_hour: 2.4,
    price_per_node_hour: 19.2,
    currency: 'USD',
    pricing: 'on_demand',
    region: 'us-texas',
    macro_region: 'us',
    availability_status: 'available',
    compliance_tags: [],
    source: 'live',
    listed: true,
    observed_at: now,
    last_seen_at: now,
    price_changed_at: now,
    reliability_score: null,
    ...change,
  };
}
