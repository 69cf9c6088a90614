import type { EventContract } from '@gpubroker/contracts/events';
import { schemaName } from '../session/sql-identifier';
import { eventHeaders } from './new-event';

export interface OutboxSelect {
  readonly schema: string;
  readonly contract: Pick<EventContract<unknown>, 'topic' | 'version'>;
  /** A SELECT with the columns event_id uuid, key text, payload jsonb, in the order in which the events shall leave. */
  readonly select: string;
  /** A jsonb expression of further headers, for example `$3::jsonb` with the traceparent. */
  readonly extraHeaders?: string;
}

/**
 * SQL text that writes one event per row of a SELECT, for use as a statement or as a data-modifying WITH query: a
 * hundred thousand changes and their events are then one statement, and no row travels to the service and back.
 * The payload is not checked here; the service's tests hold it against the contract.
 */
export function insertIntoOutboxSelect({ schema, contract, select, extraHeaders }: OutboxSelect): string {
  const headers = `'${JSON.stringify(eventHeaders(contract, undefined))}'::jsonb`;
  const merged = extraHeaders === undefined ? headers : `${headers} || ${extraHeaders}`;
  return `INSERT INTO ${schemaName(schema)}.outbox (event_id, topic, key, payload, headers)
    SELECT event_id, '${contract.topic}', key, payload, ${merged} FROM (${select}) AS event`;
}

/** SQL for a timestamptz as events carry it: RFC 3339, UTC, milliseconds. */
export function eventTimeSql(expression = 'clock_timestamp()'): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
