import type { MigrationSql } from '../outbox';
import { schemaName } from '../session/sql-identifier';

/** The events that a service's groups have handled, in the service's own schema, which must exist. */
export function inboxMigrationSql(schema: string): MigrationSql {
  const name = schemaName(schema);
  return {
    up: [
      `CREATE TABLE IF NOT EXISTS ${name}.inbox (
         consumer_group text NOT NULL,
         event_id uuid NOT NULL,
         handled_at timestamptz NOT NULL DEFAULT now(),
         PRIMARY KEY (consumer_group, event_id)
       )`,
      `CREATE INDEX IF NOT EXISTS inbox_handled_at ON ${name}.inbox USING brin (handled_at)`,
    ],
    down: [`DROP TABLE IF EXISTS ${name}.inbox`],
  };
}
