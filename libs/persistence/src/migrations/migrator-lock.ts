import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { lockKey } from '../database/lease';

const RETRY_MS = 200;

export class MigratorBusyError extends Error {
  constructor(waitedMs: number) {
    super(`Another migrator has been at work in this database for ${waitedMs} ms. Nothing was changed; try again.`);
    this.name = 'MigratorBusyError';
  }
}

/**
 * One migrator per database at a time, of whatever service.
 * It asks again and again instead of waiting inside PostgreSQL: a waiting statement holds a snapshot, and a CREATE INDEX
 * CONCURRENTLY of the other migrator would wait for that snapshot for ever.
 * @throws MigratorBusyError when the lock is not free in time
 */
export async function withMigratorLock<T>(
  dataSource: DataSource,
  patienceMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const session = dataSource.createQueryRunner();
  const end = Date.now() + patienceMs;
  try {
    while (!(await askForLock(session))) {
      if (Date.now() >= end) throw new MigratorBusyError(patienceMs);
      await sleep(RETRY_MS);
    }
    try {
      return await work();
    } finally {
      await session.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lockKey('migrate')]);
    }
  } finally {
    await session.release();
  }
}

async function askForLock(session: { query(sql: string, parameters: unknown[]): Promise<unknown> }): Promise<boolean> {
  const rows = (await session.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [
    lockKey('migrate'),
  ])) as { taken: boolean }[];
  return rows[0]?.taken ?? false;
}
