export { deadLetterTopic, fromDeadLetter, isDeadLetterTopic, toDeadLetter, type DeadLetterCause } from './dead-letter';
export { EventDelivery, type EventDeliveryOptions } from './event-delivery';
export {
  DeliveryStoppedError,
  DependencyUnavailableError,
  PermanentEventError,
  UnpublishableEventError,
} from './event-failures';
export type { EventObserver } from './event-observer';
export type { DeliveredEvent, EventHeaders, EventRecord, StoredRecord } from './event-record';
export type {
  CompactedSnapshot,
  EventHandler,
  EventHandlers,
  EventTransport,
  FanoutSubscription,
  LogPosition,
  RunningSubscription,
  SharedSubscription,
  StartAt,
  Subscription,
  SubscriptionHealth,
  TopicLag,
  TransportHealth,
} from './event-transport';
export { DEAD_LETTER_REASONS, readEvent, type DeadLetterReason, type ReadResult } from './read-event';
export { DEFAULT_RETRY, type RetryPolicy } from './retry-decision';
export type { TransportOptions } from './transport-options';
