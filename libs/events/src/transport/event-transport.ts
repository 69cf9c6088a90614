import type { DeliveredEvent, EventRecord, StoredRecord } from './event-record';

/**
 * The log of events. Two fillings, one behaviour (test/conformance): PostgresLogTransport and KafkaTransport.
 *
 * Delivery is at least once. A group's position moves only after its handler has returned, so a crash repeats events and
 * never skips one; handlers dedupe by event id (inbox).
 */
export interface EventTransport {
  /**
   * Appends in the order given; resolves when all are durable. After an error some may have been appended: send all
   * again, consumers dedupe. Not for services: they write to their outbox.
   * @throws UnpublishableEventError for a record that will never be taken
   */
  publish(records: readonly EventRecord[]): Promise<void>;

  /**
   * Starts handing events to the handlers; resolves when everything appended from now on will be delivered. While the
   * log cannot be reached it keeps trying, until `signal` aborts, which ends the subscription as close() does.
   */
  subscribe(subscription: Subscription, signal?: AbortSignal): Promise<RunningSubscription>;

  /** Every record of a topic from a place to the end as it was at the call, oldest first per key. Moves no group. */
  replay(topic: string, from: StartAt): AsyncIterable<StoredRecord>;

  /** The newest record of each key of a compacted topic, without tombstones, and where to go on from. */
  readCompacted(topic: string): Promise<CompactedSnapshot>;

  /** How many records each topic holds that the group has not handled yet. */
  lag(group: string, topics: readonly string[]): Promise<readonly TopicLag[]>;

  health(): TransportHealth;

  /** Lets running handlers finish, keeps their positions, leaves the groups and closes the connections. */
  close(): Promise<void>;
}

export type Subscription = SharedSubscription | FanoutSubscription;

/** The members of a group share the work; each event is handled by one of them. A new group starts at the oldest event. */
export interface SharedSubscription {
  readonly kind: 'shared';
  readonly group: string;
  readonly handlers: EventHandlers;
}

/** Every subscriber gets every event; nothing is remembered when it ends. */
export interface FanoutSubscription {
  readonly kind: 'fanout';
  /** For logs and metrics. */
  readonly group: string;
  readonly from: StartAt;
  readonly handlers: EventHandlers;
}

/** By topic. */
export type EventHandlers = Readonly<Record<string, EventHandler>>;

/**
 * `batch` gets up to a few hundred events of one topic at once. When it throws, they are handed to it again one at a
 * time, so that only the event that is to blame goes to the dead letters: it must therefore work in one transaction.
 */
export type EventHandler =
  | { readonly kind: 'each'; handle(event: DeliveredEvent, signal: AbortSignal): Promise<void> }
  | { readonly kind: 'batch'; handle(events: readonly DeliveredEvent[], signal: AbortSignal): Promise<void> };

export interface RunningSubscription {
  /** Lets the running handler finish, then ends. */
  close(): Promise<void>;
}

export type StartAt = 'earliest' | 'latest' | { readonly since: Date } | { readonly after: LogPosition };

/** Offset of the last record read, by partition. Opaque to callers: it comes from readCompacted and goes to subscribe. */
export type LogPosition = Readonly<Record<number, string>>;

export interface CompactedSnapshot {
  readonly records: readonly StoredRecord[];
  readonly position: LogPosition;
}

export interface TopicLag {
  readonly topic: string;
  readonly lag: number;
}

export interface SubscriptionHealth {
  readonly group: string;
  /** `standby`: another member of the group has the work. `stalled`: there is work, and its position has not moved. */
  readonly state: 'connecting' | 'standby' | 'running' | 'stalled';
  readonly lag: number;
}

export interface TransportHealth {
  /** False when a subscription is stalled: the process should be replaced. */
  readonly healthy: boolean;
  readonly subscriptions: readonly SubscriptionHealth[];
}
