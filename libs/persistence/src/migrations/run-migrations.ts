import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationExecutor, type DataSource } from 'typeorm';
import type { DatabaseDefinition } from '../database/database-definition';
import { withMigrationSession } from './migration-session';
import { withMigratorLock } from './migrator-lock';
import { recordedStatements } from './recorded-statements';

export interface MigrationPlan {
  /** Names, oldest first. */
  readonly applied: readonly string[];
  readonly pending: readonly { readonly name: string; readonly statements: readonly string[] }[];
  /** Applied by another, usually newer release: the code here does not know them. */
  readonly unknown: readonly string[];
}

export interface MigrateOptions {
  /** How long to wait for another migrator, default 60 s. */
  readonly patienceMs?: number;
  /** How often a migration that met a locked table is tried again, default 10 (about a minute in all). */
  readonly lockRetries?: number;
  /** Pause between those tries, default 5 s: the queue behind the table moves on meanwhile. */
  readonly lockPauseMs?: number;
}

const PATIENCE_MS = 60_000;
const LOCK_RETRIES = 10;
const LOCK_PAUSE_MS = 5_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** What runMigrations would do now. Reads only. */
export async function planMigrations(definition: DatabaseDefinition): Promise<MigrationPlan> {
  return withMigrationSession(definition, async (dataSource) => {
    const executor = new MigrationExecutor(dataSource);
    const done = await executedNames(dataSource);
    const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
    const pending = [];
    for (const { name, instance } of await executor.getPendingMigrations())
      pending.push({ name, statements: instance ? await recordedStatements(dataSource, instance) : [] });
    return {
      applied: done.filter((name) => known.includes(name)),
      pending,
      unknown: done.filter((name) => !known.includes(name)),
    };
  });
}

/**
 * Runs what is pending, each migration in its own transaction, and answers the names of those it ran.
 * @throws MigratorBusyError, or the error of the migration that failed; those before it stay applied
 */
export async function runMigrations(definition: DatabaseDefinition, options: MigrateOptions = {}): Promise<string[]> {
  return asTheOnlyMigrator(definition, options, async (dataSource) => {
    await createSchema(dataSource, definition.schema);
    const before = await executedNames(dataSource);
    await whenLocksAreFree(options, () => dataSource.runMigrations({ transaction: 'each' }));
    return (await executedNames(dataSource)).filter((name) => !before.includes(name));
  });
}

/** Undoes the migration that ran last and answers its name; null when there is none. */
export async function revertLastMigration(
  definition: DatabaseDefinition,
  options: MigrateOptions = {},
): Promise<string | null> {
  return asTheOnlyMigrator(definition, options, async (dataSource) => {
    const last = (await executedNames(dataSource)).at(-1);
    if (last === undefined) return null;
    await whenLocksAreFree(options, () => dataSource.undoLastMigration({ transaction: 'each' }));
    return last;
  });
}

function asTheOnlyMigrator<T>(
  definition: DatabaseDefinition,
  options: MigrateOptions,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  return withMigrationSession(definition, (dataSource) =>
    withMigratorLock(dataSource, options.patienceMs ?? PATIENCE_MS, () => work(dataSource)),
  );
}

/** Oldest first. */
async function executedNames(dataSource: DataSource): Promise<string[]> {
  const executed = await new MigrationExecutor(dataSource).getExecutedMigrations();
  return executed.map(({ name }) => name).reverse();
}

async function createSchema(dataSource: DataSource, schema: string): Promise<void> {
  await dataSource.query(`CREATE SCHEMA IF NOT EXISTS ${dataSource.driver.escape(schema)}`);
}

/** A migration that met a busy table rolled back after a second, so that the queue behind it could move; then it tries again. */
async function whenLocksAreFree<T>(options: MigrateOptions, work: () => Promise<T>): Promise<T> {
  for (let retries = options.lockRetries ?? LOCK_RETRIES; ; retries -= 1) {
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE || retries <= 0) throw error;
    }
    await sleep(options.lockPauseMs ?? LOCK_PAUSE_MS);
  }
}
