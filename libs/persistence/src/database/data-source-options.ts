import type { DataSourceOptions, Logger } from 'typeorm';
import { CuttingClient } from './cutting-client';
import { applicationNameOf, isBehindPooler, type DatabaseDefinition } from './database-definition';

/** How long the pool, a statement, an idle transaction and a lock may take, in milliseconds. */
export const LIMITS = { connectMs: 1_500, statementMs: 5_000, idleInTransactionMs: 10_000, lockMs: 2_000 } as const;

const DEFAULT_POOL_SIZE = 10;

/** TypeORM prints a failed migration even with logging off; every failure reaches the caller as an error anyway. */
const nothing = (): void => undefined;
const SILENT: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};

/** TypeORM's options for the pool of a running service. */
export function poolOptions(definition: DatabaseDefinition): DataSourceOptions {
  const statementMs = statementTimeoutOf(definition);
  return {
    ...base(definition, definition.url),
    poolSize: definition.poolSize ?? DEFAULT_POOL_SIZE,
    extra: {
      connectionTimeoutMillis: LIMITS.connectMs,
      keepAlive: true,
      Client: CuttingClient,
      // The net for a server that hangs and, behind a pooler, for single statements, which nothing else limits there.
      query_timeout: statementMs + 500,
      ...(isBehindPooler(definition) ? {} : sessionLimits(statementMs)),
    },
  };
}

/** TypeORM's options for migrations: past the pooler, no limit on a statement (an index takes its time), a short one on locks. */
export function migrationOptions(definition: DatabaseDefinition, lockTimeoutMs: number): DataSourceOptions {
  return {
    ...base(definition, definition.directUrl ?? definition.url),
    applicationName: `${applicationNameOf(definition)}-migrate`,
    poolSize: 2,
    extra: { connectionTimeoutMillis: LIMITS.connectMs, statement_timeout: 0, lock_timeout: lockTimeoutMs },
  };
}

function base(definition: DatabaseDefinition, url: string): DataSourceOptions & { type: 'postgres' } {
  return {
    type: 'postgres',
    url,
    schema: definition.schema,
    applicationName: applicationNameOf(definition),
    entities: [...definition.entities],
    migrations: [...definition.migrations],
    migrationsTableName: 'migrations',
    synchronize: false,
    // Extensions belong to the migrations: a service's role may not create any.
    installExtensions: false,
    logging: false,
    logger: SILENT,
    poolErrorHandler: () => undefined,
  };
}

/** Sent when the session starts, at no cost per query. PgBouncer refuses such parameters. */
function sessionLimits(statementMs: number): Record<string, number> {
  return {
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: LIMITS.idleInTransactionMs,
    lock_timeout: LIMITS.lockMs,
  };
}

/** What a transaction behind a pooler sets for itself, in one round trip; gone with the transaction. */
export function localLimitsSql(definition: DatabaseDefinition): string {
  return (
    `SET LOCAL statement_timeout = ${statementTimeoutOf(definition)}; ` +
    `SET LOCAL idle_in_transaction_session_timeout = ${LIMITS.idleInTransactionMs}; ` +
    `SET LOCAL lock_timeout = ${LIMITS.lockMs}`
  );
}

function statementTimeoutOf(definition: DatabaseDefinition): number {
  return definition.statementTimeoutMs ?? LIMITS.statementMs;
}
