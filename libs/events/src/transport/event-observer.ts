import type { DeadLetterReason } from './read-event';

/** What happens to events, for metrics and logs. Every member may be left out; none may throw. */
export interface EventObserver {
  handled?(group: string, topic: string, count: number): void;
  retried?(group: string, topic: string, error: unknown): void;
  deadLettered?(group: string, topic: string, reason: DeadLetterReason, detail: string): void;
  /** Every few seconds while subscribed: gpubroker_consumer_lag. */
  lag?(group: string, topic: string, lag: number): void;
  /** The log or the broker could not be reached, or answered wrongly; it is tried again. */
  connectionFailed?(what: string, error: unknown): void;
}
