import { schemaName } from '../session/sql-identifier';

/** The channel that every append notifies; the payload is the topic. */
export function logChannel(schema: string): string {
  return `${schemaName(schema)}_event_log`;
}

/** Serialises appends, by transaction: see appendToLog. */
export function logLockName(schema: string): string {
  return `event-log:${schema}`;
}

/** Creates what is missing; safe to run by several processes at once, inside one transaction. */
export function logSchemaSql(schema: string): readonly string[] {
  const name = schemaName(schema);
  return [
    `CREATE SCHEMA IF NOT EXISTS ${name}`,
    `CREATE TABLE IF NOT EXISTS ${name}.event_log (
       topic text NOT NULL,
       "offset" bigint GENERATED ALWAYS AS IDENTITY,
       key text,
       value text,
       headers jsonb NOT NULL,
       stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
       PRIMARY KEY (topic, "offset")
     )`,
    `CREATE TABLE IF NOT EXISTS ${name}.group_offsets (
       group_name text NOT NULL,
       topic text NOT NULL,
       "offset" bigint NOT NULL,
       updated_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (group_name, topic)
     ) WITH (fillfactor = 50)`,
  ];
}
