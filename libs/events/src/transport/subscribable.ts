import type { EventCatalog } from '@gpubroker/contracts/events';
import type { Subscription } from './event-transport';

/** @throws Error for a topic without a contract, or none at all: mistakes that would otherwise wait in silence for ever */
export function assertSubscribable(catalog: EventCatalog, subscription: Subscription): void {
  const topics = Object.keys(subscription.handlers);
  if (topics.length === 0) throw new Error(`Group ${subscription.group} subscribes to no topic`);
  for (const topic of topics) {
    if (!catalog.has(topic)) throw new Error(`Group ${subscription.group}: no contract for topic ${topic}`);
  }
}
