import type { EntitySchema, MigrationInterface } from 'typeorm';

export type EntityClass = (new (...args: never[]) => object) | EntitySchema;
export type MigrationClass = new () => MigrationInterface;

/** What a service says once about its database; the module, the migrations and the drift check all read it. */
export interface DatabaseDefinition {
  /** The service, e.g. 'providers'. */
  readonly name: string;
  /** PostgreSQL URL of the pool; may lead to PgBouncer in transaction mode. */
  readonly url: string;
  /** URL past the pooler, for LISTEN, session locks and migrations. Default: `url`. */
  readonly directUrl?: string | undefined;
  /** Most connections of the pool; times replicas it must stay below 80 % of the server's max_connections. Default 10. */
  readonly poolSize?: number;
  /** Longest time of one statement in ms, default 5 000. */
  readonly statementTimeoutMs?: number;
  /** Listed by name: in one process with other services, automatic loading would mix theirs in. */
  readonly entities: readonly EntityClass[];
  /** In the order they are to run. Class names end in a 13-digit number, TypeORM's sort key. */
  readonly migrations: readonly MigrationClass[];
  /** The schema the service owns: its migrations table and everything that spec/001 does not name. */
  readonly schema: string;
  /** Shown in pg_stat_activity. Default: `gpubroker-NAME`. */
  readonly applicationName?: string;
}

export function applicationNameOf(definition: DatabaseDefinition): string {
  return definition.applicationName ?? `gpubroker-${definition.name}`;
}

/** A pooler in transaction mode gives every transaction another session, so nothing may be set on one. */
export function isBehindPooler(definition: Pick<DatabaseDefinition, 'url' | 'directUrl'>): boolean {
  return definition.directUrl !== undefined && definition.directUrl !== definition.url;
}
