import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import type { EntityManager } from 'typeorm';

/** Short, and renewed while the work runs: after a crash another replica takes over within these seconds. */
const LEASE_SECONDS = 15;
const RENEW_MS = 5_000;

/** The right of one replica to sync one source for a while. */
export interface SyncLease {
  readonly key: string;
  /** Aborts when the lease could not be renewed: what was read since must not be written. */
  readonly signal: AbortSignal;
  /** First statement of every write: fails when another replica took the lease over meanwhile. */
  fence(manager: EntityManager): Promise<void>;
  release(nextInSeconds: number): Promise<void>;
}

export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Leases as rows, so that they work through a pooler and are seen by every replica. */
@Injectable()
export class SyncLeases {
  private readonly owner = randomUUID();

  constructor(private readonly database: Database) {}

  /** @returns null while it is not due yet or another replica has it */
  async take(key: string): Promise<SyncLease | null> {
    const rows: unknown[] = await this.database.dataSource.query(
      `INSERT INTO providers.sync_leases AS lease (key, next_at, owner, until)
       VALUES ($1, now(), $2, now() + make_interval(secs => $3))
       ON CONFLICT (key) DO UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until
       WHERE lease.next_at <= now() AND (lease.until IS NULL OR lease.until < now())
       RETURNING key`,
      [key, this.owner, LEASE_SECONDS],
    );
    return rows.length === 0 ? null : this.hold(key);
  }

  private hold(key: string): SyncLease {
    const lost = new AbortController();
    const renewal = setInterval(() => void this.renew(key, lost), RENEW_MS);
    return {
      key,
      signal: lost.signal,
      fence: (manager) => this.fence(manager, key),
      release: async (nextInSeconds) => {
        clearInterval(renewal);
        await this.database.dataSource.query(
          `UPDATE providers.sync_leases SET owner = NULL, until = NULL, next_at = now() + make_interval(secs => $3)
           WHERE key = $1 AND owner = $2`,
          [key, this.owner, nextInSeconds],
        );
      },
    };
  }

  private async renew(key: string, lost: AbortController): Promise<void> {
    try {
      const [, renewed]: [unknown, number] = await this.database.dataSource.query(
        'UPDATE providers.sync_leases SET until = now() + make_interval(secs => $3) WHERE key = $1 AND owner = $2 AND until >= now()',
        [key, this.owner, LEASE_SECONDS],
      );
      if (renewed === 0) lost.abort(new LeaseLostError(`the lease on ${key} was taken over`));
    } catch {
      // The database is away; the fence decides when it is back.
    }
  }

  private async fence(manager: EntityManager, key: string): Promise<void> {
    const rows: unknown[] = await manager.query(
      'SELECT 1 FROM providers.sync_leases WHERE key = $1 AND owner = $2 AND until >= clock_timestamp() FOR UPDATE',
      [key, this.owner],
    );
    if (rows.length === 0) throw new LeaseLostError(`the lease on ${key} was taken over`);
  }
}
