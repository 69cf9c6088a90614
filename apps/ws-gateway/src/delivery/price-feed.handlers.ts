import { priceUpdates, type PriceUpdate } from '@gpubroker/contracts/events';
import { EventHandlers, OnEventBatch, type EventContext } from '@gpubroker/events/handlers';
import { Backlog } from '../replay/backlog';
import { Broadcaster } from './broadcaster';
import { DeliveryMetrics } from './delivery.metrics';
import { priceMessage } from './price-message';

/** Every price change, at every replica: kept for those who come back, and sent to those who are here. */
@EventHandlers()
export class PriceFeedHandlers {
  constructor(
    private readonly backlog: Backlog,
    private readonly broadcaster: Broadcaster,
    private readonly metrics: DeliveryMetrics,
  ) {}

  @OnEventBatch(priceUpdates)
  onPriceUpdates(updates: readonly PriceUpdate[], { events }: EventContext): void {
    const messages = updates.flatMap((update, index) => {
      const place = events[index];
      return place === undefined ? [] : [priceMessage(update, place)];
    });
    // The backlog first: a socket that is catching up gets them from there.
    const fresh = messages.filter((message) => this.backlog.add(message));
    if (fresh.length === 0) return;
    this.broadcaster.broadcast(fresh);
    for (const { committedAt } of fresh) this.metrics.delivered(committedAt);
  }
}
