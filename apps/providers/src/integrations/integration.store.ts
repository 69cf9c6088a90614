import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import type { EntityManager } from 'typeorm';
import type { IntegrationState, KeyProblem, StoredStatus } from './integration-view';

/** Which key of which tenant. */
export interface IntegrationKey {
  readonly tenantId: string;
  readonly provider: string;
}

export interface StoredIntegration extends IntegrationKey, IntegrationState {
  readonly sealed: string;
  readonly revision: string;
  /** In a row, since the cloud last said something. */
  readonly failedChecks: number;
}

export interface CheckedState {
  readonly status: StoredStatus;
  readonly problem: KeyProblem | null;
  readonly failedChecks: number;
  readonly nextCheckSeconds: number | null;
}

interface Row {
  tenant_id: string;
  provider: string;
  sealed: string;
  revision: string;
  status: StoredStatus;
  problem: KeyProblem | null;
  last_checked: Date | null;
  failed_checks: number;
}

const COLUMNS = 'tenant_id, provider, sealed, revision, status, problem, last_checked, failed_checks';
/** After a crash in the middle of a check another replica takes it up. */
const CLAIM_SECONDS = 120;

/** Rows of tenants' keys. Every method but the claim wants a tenant, so that no question can reach over to another's rows. */
@Injectable()
export class IntegrationStore {
  constructor(private readonly database: Database) {}

  async all(tenantId: string): Promise<StoredIntegration[]> {
    const rows: Row[] = await this.database.dataSource.query(
      `SELECT ${COLUMNS} FROM providers.integrations WHERE tenant_id = $1`,
      [tenantId],
    );
    return rows.map(fromRow);
  }

  async find({ tenantId, provider }: IntegrationKey): Promise<StoredIntegration | null> {
    const rows: Row[] = await this.database.dataSource.query(
      `SELECT ${COLUMNS} FROM providers.integrations WHERE tenant_id = $1 AND provider = $2`,
      [tenantId, provider],
    );
    return rows[0] ? fromRow(rows[0]) : null;
  }

  /** Puts the key in the place of an earlier one. `xmax` is 0 in a row that no statement had before this one. */
  async put(
    manager: EntityManager,
    { tenantId, provider }: IntegrationKey,
    sealed: string,
    { status, problem, failedChecks, nextCheckSeconds }: CheckedState,
  ): Promise<{ created: boolean; stored: StoredIntegration }> {
    const rows: (Row & { created: boolean })[] = await manager.query(
      `INSERT INTO providers.integrations AS kept
         (tenant_id, provider, sealed, revision, status, problem, failed_checks, next_check_at, last_checked)
       VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8), now())
       ON CONFLICT (tenant_id, provider) DO UPDATE SET sealed = EXCLUDED.sealed, revision = EXCLUDED.revision,
         status = EXCLUDED.status, problem = EXCLUDED.problem, failed_checks = EXCLUDED.failed_checks,
         next_check_at = EXCLUDED.next_check_at, last_checked = EXCLUDED.last_checked, updated_at = now()
       RETURNING ${COLUMNS}, xmax = 0 AS created`,
      [tenantId, provider, sealed, randomUUID(), status, problem, failedChecks, nextCheckSeconds],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('an integration was neither made nor replaced');
    return { created: row.created, stored: fromRow(row) };
  }

  /** @returns whether there was one */
  async remove(manager: EntityManager, { tenantId, provider }: IntegrationKey): Promise<boolean> {
    const [, removed]: [unknown, number] = await manager.query(
      'DELETE FROM providers.integrations WHERE tenant_id = $1 AND provider = $2',
      [tenantId, provider],
    );
    return removed > 0;
  }

  /** Keys that are due for a look, of any tenant; no other replica gets them for a while. */
  async claimDue(limit: number): Promise<StoredIntegration[]> {
    const [rows]: [Row[], number] = await this.database.dataSource.query(
      `UPDATE providers.integrations SET next_check_at = now() + make_interval(secs => $1)
       WHERE (tenant_id, provider) IN (
         SELECT tenant_id, provider FROM providers.integrations WHERE next_check_at <= now()
         ORDER BY next_check_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING ${COLUMNS}`,
      [CLAIM_SECONDS, limit],
    );
    return rows.map(fromRow);
  }

  /**
   * What a look at the key came to.
   * @returns false when the key was replaced or removed meanwhile: then nothing was written
   */
  async recordCheck(
    manager: EntityManager,
    { tenantId, provider, revision }: StoredIntegration,
    sealed: string,
    { status, problem, failedChecks, nextCheckSeconds }: CheckedState,
  ): Promise<boolean> {
    const [, written]: [unknown, number] = await manager.query(
      `UPDATE providers.integrations SET sealed = $4, status = $5, problem = $6, failed_checks = $7,
         next_check_at = now() + make_interval(secs => $8), last_checked = now()
       WHERE tenant_id = $1 AND provider = $2 AND revision = $3`,
      [tenantId, provider, revision, sealed, status, problem, failedChecks, nextCheckSeconds],
    );
    return written > 0;
  }
}

const fromRow = (row: Row): StoredIntegration => ({
  tenantId: row.tenant_id,
  provider: row.provider,
  sealed: row.sealed,
  revision: row.revision,
  status: row.status,
  problem: row.problem,
  lastChecked: row.last_checked,
  failedChecks: row.failed_checks,
});
