import { accessChanges } from './access-changes.event';
import { auditEvents } from './audit-events.event';
import { eventCatalog } from './event-contract';
import { interactions } from './interactions.event';
import { offers } from './offers.event';
import { priceUpdates } from './price-updates.event';
import { providerSyncs } from './provider-syncs.event';

/** Every event of the product. A topic that is not listed here can be neither written nor read. */
export const PRODUCT_EVENTS = eventCatalog([
  priceUpdates,
  offers,
  providerSyncs,
  interactions,
  auditEvents,
  accessChanges,
]);
