export { accessChanges, type AccessChange } from './access-changes.event';
export { auditEvents, type AuditEvent } from './audit-events.event';
export { eventCatalog, type EventCatalog, type EventContract } from './event-contract';
export { EVENT_ID_HEADER, EVENT_VERSION_HEADER, TRACEPARENT_HEADER } from './event-headers';
export { INTERACTION_KINDS, interactions, type Interaction, type InteractionKind } from './interactions.event';
export { offers, type OfferState } from './offers.event';
export { priceUpdates, type PriceUpdate } from './price-updates.event';
export { PRODUCT_EVENTS } from './product-events';
export { providerSyncs, type ProviderSync } from './provider-syncs.event';
