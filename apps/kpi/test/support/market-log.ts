import { randomUUID } from 'node:crypto';
import { offers, priceUpdates, providerSyncs, type OfferState, type ProviderSync } from '@gpubroker/contracts/events';
import { newEvent, newTombstone, type NewEvent } from '@gpubroker/events/outbox';
import type { EventRecord } from '@gpubroker/events/transport';
import { openEventLog, type EventLog } from '@gpubroker/platform/events';

/** Writes into the event log what providers would. */
export class MarketLog {
  private readonly log: EventLog;

  constructor(databaseUrl: string) {
    this.log = openEventLog('test', { kafkaBrokers: [], databaseUrl, databaseDirectUrl: databaseUrl }, {});
  }

  get transport(): EventLog['transport'] {
    return this.log.transport;
  }

  publish(...events: readonly NewEvent[]): Promise<void> {
    return this.log.transport.publish(events.map(toRecord));
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

/** As the relay sends it: the event's id travels in the headers. */
export const toRecord = ({ id, topic, key, payload, headers }: NewEvent): EventRecord => ({
  topic,
  key,
  value: payload === null ? null : JSON.stringify(payload),
  headers: { ...headers, 'event-id': id },
});

export const secondsAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

export function anOffer(offer_id: string, members: Partial<OfferState> = {}): OfferState {
  return {
    offer_id,
    provider: 'runpod',
    external_id: offer_id,
    gpu_type: 'H100-SXM',
    gpu_family: 'H100',
    gpu_count: 1,
    gpu_memory_gb: 80,
    cpu_cores: null,
    ram_gb: null,
    storage_gb: null,
    price_per_hour: 2,
    price_per_node_hour: 2,
    currency: 'USD',
    pricing: 'on_demand',
    region: 'us-east',
    macro_region: 'us',
    availability_status: 'available',
    compliance_tags: [],
    source: 'live',
    listed: true,
    observed_at: secondsAgo(1),
    last_seen_at: secondsAgo(1),
    price_changed_at: null,
    reliability_score: null,
    ...members,
  };
}

export const offerEvent = (offer_id: string, members: Partial<OfferState> = {}): NewEvent =>
  newEvent(offers, anOffer(offer_id, members));

export const goneEvent = (offer_id: string): NewEvent => newTombstone(offers, offer_id);

export function priceEvent(
  offer_id: string,
  price: number,
  timestamp: string,
  members: { provider?: string; gpu_type?: string; availability_status?: 'available' | 'unavailable' } = {},
): NewEvent {
  const event_id = randomUUID();
  return newEvent(
    priceUpdates,
    {
      event_id,
      offer_id,
      provider: 'runpod',
      gpu_type: 'H100-SXM',
      region: 'us-east',
      old_price: null,
      new_price: price,
      currency: 'USD',
      availability_status: 'available',
      timestamp,
      ...members,
    },
    { id: event_id },
  );
}

export const syncEvent = (members: Partial<ProviderSync> = {}): NewEvent => {
  const at = members.at ?? secondsAgo(1);
  const ok = members.ok ?? true;
  return newEvent(providerSyncs, {
    provider: 'runpod',
    ok,
    latency_ms: 100,
    offers: 1,
    status: ok ? 'ok' : 'timeout',
    at,
    source: 'live',
    interval_seconds: 300,
    last_good_sync_at: ok ? at : null,
    ...members,
  });
};
