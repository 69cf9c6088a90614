import { offers, priceUpdates, type OfferState, type PriceUpdate } from '@gpubroker/contracts/events';
import { EventHandlers, OnEventBatch, type EventContext } from '@gpubroker/events/handlers';
import { Backlog } from '../replay/backlog';
import { ClientRegistry } from '../sockets/client-registry';
import { OfferBook } from '../subscriptions/offer-book';
import { Broadcaster } from './broadcaster';
import { DeliveryMetrics } from './delivery.metrics';
import { priceMessage } from './price-message';

/** Longest wait for the facts of a new offer; the change itself must be out within 500 ms of its commit. */
const FACTS_WAIT_MS = 150;

/** Every price change, at every replica: kept for those who come back, and sent to those who are here. */
@EventHandlers()
export class PriceFeedHandlers {
  constructor(
    private readonly backlog: Backlog,
    private readonly broadcaster: Broadcaster,
    private readonly clients: ClientRegistry,
    private readonly book: OfferBook,
    private readonly metrics: DeliveryMetrics,
  ) {}

  @OnEventBatch(priceUpdates)
  async onPriceUpdates(updates: readonly PriceUpdate[], { events }: EventContext): Promise<void> {
    if (this.clients.someAskForFacts) await this.book.whenKnown(offerIdsOf(updates), FACTS_WAIT_MS);
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

  @OnEventBatch(offers)
  onOffers(states: readonly (OfferState | null)[], { events }: EventContext): void {
    for (const { key, payload } of events) if (payload === null) this.book.forget(key);
    this.book.note(states.filter((state) => state !== null));
  }
}

const offerIdsOf = (updates: readonly PriceUpdate[]): string[] => updates.map(({ offer_id }) => offer_id);
