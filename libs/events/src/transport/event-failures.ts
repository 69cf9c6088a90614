import { isDatabaseUnavailable } from '@gpubroker/persistence/database';

/** Thrown by a handler that will never be able to handle this event: it goes to the dead letters at once. */
export class PermanentEventError extends Error {
  override readonly name = 'PermanentEventError';
}

/** Thrown by a handler whose dependency is away: the event is tried again until it is back, and blames nobody. */
export class DependencyUnavailableError extends Error {
  override readonly name = 'DependencyUnavailableError';
}

/** A record that the log will never take; `index` is its place among the records given to publish. */
export class UnpublishableEventError extends Error {
  override readonly name = 'UnpublishableEventError';
  constructor(
    readonly index: number,
    reason: string,
  ) {
    super(reason);
  }
}

/** The subscription is being closed or its group is being rebalanced; the event will be delivered again. */
export class DeliveryStoppedError extends Error {
  override readonly name = 'DeliveryStoppedError';
}

/** `unavailable` failures are retried for ever: dead-lettering them would empty a topic into the .dlq during an outage. */
export type FailureKind = 'permanent' | 'unavailable' | 'transient';

export function failureKind(error: unknown): FailureKind {
  if (error instanceof PermanentEventError) return 'permanent';
  if (error instanceof DependencyUnavailableError || isDatabaseUnavailable(error)) return 'unavailable';
  return 'transient';
}
