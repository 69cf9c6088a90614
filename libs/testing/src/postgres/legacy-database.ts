import { join } from 'node:path';
import { freshDatabase, type FreshDatabase } from './fresh-database';
import { loadSql } from './load-sql';

/** A database as the earlier build leaves it. @param shared folder of the reference data, from describeWithShared() */
export async function legacyDatabase(shared: string): Promise<FreshDatabase> {
  const database = await freshDatabase();
  await loadLegacyDatabase(database.url, shared);
  return database;
}

/** The same into a database that is there, and empty. */
export async function loadLegacyDatabase(url: string, shared: string): Promise<void> {
  await loadSql(url, join(shared, 'data', 'legacy', 'legacy-database.sql'));
}
