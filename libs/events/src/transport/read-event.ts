import {
  EVENT_ID_HEADER,
  EVENT_VERSION_HEADER,
  type EventCatalog,
  type EventContract,
} from '@gpubroker/contracts/events';
import { z } from 'zod';
import type { DeliveredEvent, StoredRecord } from './event-record';

/** Why a record never reached a handler, or was given up. Each is a metric label, so the list is closed. */
export const DEAD_LETTER_REASONS = [
  'unknown_version',
  'malformed',
  'invalid',
  'handler_failed',
  'handler_refused',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

export type ReadResult =
  | { readonly kind: 'event'; readonly event: Omit<DeliveredEvent, 'attempt'> }
  | { readonly kind: 'unreadable'; readonly reason: DeadLetterReason; readonly detail: string };

const eventId = z.uuid();

/** Checks a record against its contract. A version without a schema is not guessed at: it is kept for a newer release. */
export function readEvent(catalog: EventCatalog, record: StoredRecord): ReadResult {
  const contract = catalog.get(record.topic);
  if (contract === undefined) return unreadable('malformed', `no contract for topic ${record.topic}`);
  const version = Number(record.headers[EVENT_VERSION_HEADER]);
  const schema = contract.versions[version];
  if (schema === undefined) {
    return unreadable(
      'unknown_version',
      `version ${record.headers[EVENT_VERSION_HEADER] ?? 'missing'} of ${record.topic}`,
    );
  }
  const id = eventId.safeParse(record.headers[EVENT_ID_HEADER]);
  if (!id.success) return unreadable('malformed', `no UUID in the ${EVENT_ID_HEADER} header`);
  if (record.key === null) return unreadable('malformed', 'no key');
  const payload = readPayload(contract, schema, record.value);
  if (payload.kind === 'unreadable') return payload;
  const { topic, key, headers, partition, offset, storedAt } = record;
  return {
    kind: 'event',
    event: { id: id.data, topic, key, version, payload: payload.payload, headers, partition, offset, storedAt },
  };
}

type PayloadResult =
  Extract<ReadResult, { kind: 'unreadable' }> | { readonly kind: 'payload'; readonly payload: unknown };

function readPayload(contract: EventContract<unknown>, schema: z.ZodType, value: string | null): PayloadResult {
  if (value === null) {
    return contract.compacted ? { kind: 'payload', payload: null } : unreadable('malformed', 'no payload');
  }
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch (error) {
    return unreadable('malformed', `not JSON: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
  const parsed = schema.safeParse(json);
  return parsed.success
    ? { kind: 'payload', payload: parsed.data }
    : unreadable('invalid', z.prettifyError(parsed.error));
}

function unreadable(reason: DeadLetterReason, detail: string): Extract<ReadResult, { kind: 'unreadable' }> {
  return { kind: 'unreadable', reason, detail };
}
