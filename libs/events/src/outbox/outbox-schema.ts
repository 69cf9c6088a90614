import { schemaName } from '../session/sql-identifier';

/**
 * Payloads over this many bytes are refused by the database. A Kafka broker takes 1 MiB by default: a larger event would
 * be committed and then never published.
 */
export const MAX_PAYLOAD_BYTES = 900_000;

export interface MigrationSql {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** The channel that every commit with events in it notifies. */
export function outboxChannel(schema: string): string {
  return `${schemaName(schema)}_outbox`;
}

/**
 * The outbox of one service, in the service's own schema, which must exist. The trigger notifies once per transaction,
 * whoever writes; rows live for milliseconds, so vacuum goes by their number and not by the share of an empty table.
 */
export function outboxMigrationSql(schema: string): MigrationSql {
  const name = schemaName(schema);
  return {
    up: [
      `CREATE TABLE IF NOT EXISTS ${name}.outbox (
         seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         event_id uuid NOT NULL DEFAULT gen_random_uuid(),
         topic text NOT NULL,
         key text NOT NULL,
         payload jsonb CHECK (pg_column_size(payload) <= ${MAX_PAYLOAD_BYTES}),
         headers jsonb NOT NULL DEFAULT '{}',
         created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
         refusal text
       ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`,
      `CREATE OR REPLACE FUNCTION ${name}.notify_outbox() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_notify('${outboxChannel(name)}', ''); RETURN NULL; END $$`,
      `CREATE OR REPLACE TRIGGER outbox_notify AFTER INSERT ON ${name}.outbox
         FOR EACH STATEMENT EXECUTE FUNCTION ${name}.notify_outbox()`,
    ],
    down: [`DROP TABLE IF EXISTS ${name}.outbox`, `DROP FUNCTION IF EXISTS ${name}.notify_outbox()`],
  };
}
