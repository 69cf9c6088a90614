import { freshDatabase } from '@gpubroker/testing/postgres';
import { Pool } from 'pg';
import { inboxMigrationSql } from '../src/inbox';
import { outboxMigrationSql } from '../src/outbox';

export interface ServiceDatabase {
  readonly url: string;
  readonly pool: Pool;
  close(): Promise<void>;
}

/** A database with one service's schema `svc` in it, migrated as a service would. */
export async function serviceDatabase(): Promise<ServiceDatabase> {
  const database = await freshDatabase();
  const pool = new Pool({ connectionString: database.url, max: 20 });
  // Dropping the database ends sessions that tests left behind.
  pool.on('error', () => undefined);
  for (const statement of ['CREATE SCHEMA svc', ...outboxMigrationSql('svc').up, ...inboxMigrationSql('svc').up]) {
    await pool.query(statement);
  }
  return {
    url: database.url,
    pool,
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
}
