import { randomUUID } from 'node:crypto';
import { EVENT_VERSION_HEADER, TRACEPARENT_HEADER, type EventContract } from '@gpubroker/contracts/events';
import type { EventHeaders } from '../transport';

/** An event as a service writes it into its outbox. */
export interface NewEvent {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  /** Null is a tombstone. */
  readonly payload: unknown;
  readonly headers: EventHeaders;
}

export interface NewEventOptions {
  /** Where the payload carries the id too, it must be this one. Default: a new one. */
  readonly id?: string;
  readonly traceparent?: string;
}

/**
 * Checks the payload as every consumer will, so that a mistake fails the transaction that made it.
 * @throws ZodError
 */
export function newEvent<Payload>(
  contract: EventContract<Payload>,
  payload: Payload,
  options: NewEventOptions = {},
): NewEvent {
  contract.versions[contract.version]?.parse(payload);
  return {
    id: options.id ?? randomUUID(),
    topic: contract.topic,
    key: contract.key(payload),
    payload,
    headers: eventHeaders(contract, options.traceparent),
  };
}

/** Removes the key from a compacted topic. */
export function newTombstone(contract: EventContract<unknown>, key: string, options: NewEventOptions = {}): NewEvent {
  if (!contract.compacted) throw new Error(`${contract.topic} is not compacted: it has no tombstones`);
  return {
    id: options.id ?? randomUUID(),
    topic: contract.topic,
    key,
    payload: null,
    headers: eventHeaders(contract, options.traceparent),
  };
}

export function eventHeaders(
  contract: Pick<EventContract<unknown>, 'version'>,
  traceparent: string | undefined,
): EventHeaders {
  return {
    [EVENT_VERSION_HEADER]: String(contract.version),
    ...(traceparent === undefined ? {} : { [TRACEPARENT_HEADER]: traceparent }),
  };
}
