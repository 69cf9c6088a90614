import type { DeliveredEvent } from '@gpubroker/events/transport';

/** What folding reads of an event, be it delivered or replayed. A null payload is a tombstone. */
export type FoldedEvent<Payload> = Pick<DeliveredEvent<Payload>, 'id' | 'key' | 'payload' | 'storedAt'>;
