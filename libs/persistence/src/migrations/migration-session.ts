import { DataSource } from 'typeorm';
import { migrationOptions } from '../database/data-source-options';
import type { DatabaseDefinition } from '../database/database-definition';

/** Longest wait for a table lock, in ms: everybody else's queries on the table queue behind the waiting migration. */
const LOCK_TIMEOUT_MS = 1_000;

/** Opens a connection for migrations, does the work, and closes it. */
export async function withMigrationSession<T>(
  definition: DatabaseDefinition,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = await new DataSource(migrationOptions(definition, LOCK_TIMEOUT_MS)).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
