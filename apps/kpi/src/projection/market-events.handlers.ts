import {
  offers,
  priceUpdates,
  providerSyncs,
  type OfferState,
  type PriceUpdate,
  type ProviderSync,
} from '@gpubroker/contracts/events';
import { EventHandlers, OnEventBatch, type EventContext } from '@gpubroker/events/handlers';
import type { FoldedEvent } from './folded-event';
import { Projection } from './projection';

/** Everything that providers says about the market. The transport has checked each payload against its contract. */
@EventHandlers()
export class MarketEvents {
  constructor(private readonly projection: Projection) {}

  @OnEventBatch(offers)
  onOffers(_states: readonly (OfferState | null)[], { events }: EventContext): Promise<void> {
    return this.projection.offers(events as readonly FoldedEvent<OfferState>[]);
  }

  @OnEventBatch(priceUpdates)
  onPriceUpdates(_updates: readonly PriceUpdate[], { events }: EventContext): Promise<void> {
    return this.projection.prices(events as readonly FoldedEvent<PriceUpdate>[]);
  }

  @OnEventBatch(providerSyncs)
  onProviderSyncs(_syncs: readonly ProviderSync[], { events }: EventContext): Promise<void> {
    return this.projection.syncs(events as readonly FoldedEvent<ProviderSync>[]);
  }
}
