import { schemaName } from '../session/sql-identifier';
import type { NewEvent } from './new-event';
import type { SqlExecutor } from './sql-executor';

/** Rows per statement: enough to be quick, few enough that the parameters of one statement stay in memory. */
const ROWS_PER_STATEMENT = 10_000;

/**
 * Writes events into the service's outbox, inside the transaction that makes them true. Events of one key leave in the
 * order of this call, and after those of every transaction that was committed before this one took its row locks.
 */
export async function appendToOutbox(
  transaction: SqlExecutor,
  schema: string,
  events: readonly NewEvent[],
): Promise<void> {
  for (let start = 0; start < events.length; start += ROWS_PER_STATEMENT) {
    const rows = events.slice(start, start + ROWS_PER_STATEMENT);
    await transaction.query(
      `INSERT INTO ${schemaName(schema)}.outbox (event_id, topic, key, payload, headers)
       SELECT event_id, topic, key, payload::jsonb, headers::jsonb
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
            WITH ORDINALITY AS event (event_id, topic, key, payload, headers, position)
       ORDER BY position`,
      [
        rows.map((event) => event.id),
        rows.map((event) => event.topic),
        rows.map((event) => event.key),
        rows.map((event) => (event.payload === null ? null : JSON.stringify(event.payload))),
        rows.map((event) => JSON.stringify(event.headers)),
      ],
    );
  }
}
