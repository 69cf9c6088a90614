import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { InvitationDto, InvitationState, InvitedRole } from '@gpubroker/contracts/auth';
import type { EntityManager } from 'typeorm';

const LIFETIME_SECONDS = 7 * 86_400;

export interface Invitation {
  readonly id: string;
  readonly tenantId: string;
  readonly email: string;
  readonly role: InvitedRole;
  readonly status: InvitationState;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const OPEN = 'accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()';
const COLUMNS = `id, tenant_id AS "tenantId", email, role, created_at AS "createdAt", expires_at AS "expiresAt",
  CASE WHEN accepted_at IS NOT NULL THEN 'accepted' WHEN revoked_at IS NOT NULL THEN 'revoked'
       WHEN expires_at <= now() THEN 'expired' ELSE 'open' END AS status`;

/** auth.invitations. Tokens are kept as hashes: whoever reads the table cannot accept with it. */
@Injectable()
export class InvitationStore {
  /** An earlier one of the tenant to the same address ends: one link is out at a time. */
  async add(
    manager: EntityManager,
    { tenantId, email, role, by }: { tenantId: string; email: string; role: InvitedRole; by: string },
  ): Promise<{ invitation: Invitation; token: string }> {
    await manager.query(
      `UPDATE auth.invitations SET revoked_at = now() WHERE tenant_id = $1 AND lower(email) = lower($2) AND ${OPEN}`,
      [tenantId, email],
    );
    const token = randomBytes(32).toString('base64url');
    const [invitation]: [Invitation] = await manager.query(
      `INSERT INTO auth.invitations (id, tenant_id, email, role, token_hash, invited_by, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, now(), now() + make_interval(secs => $7)) RETURNING ${COLUMNS}`,
      [randomUUID(), tenantId, email, role, hashOf(token), by, LIFETIME_SECONDS],
    );
    return { invitation, token };
  }

  list(manager: EntityManager, tenantId: string): Promise<Invitation[]> {
    return manager.query(
      `SELECT ${COLUMNS} FROM auth.invitations WHERE tenant_id = $1 ORDER BY auth.invitations.created_at DESC, id`,
      [tenantId],
    );
  }

  /** Null for one that is not the tenant's. What is over stays as it is, and is not `ended` by this call. */
  async revoke(
    manager: EntityManager,
    tenantId: string,
    id: string,
  ): Promise<{ invitation: Invitation; ended: boolean } | null> {
    const [, ended]: [unknown, number] = await manager.query(
      `UPDATE auth.invitations SET revoked_at = now() WHERE id = $1 AND tenant_id = $2 AND ${OPEN}`,
      [id, tenantId],
    );
    const [found]: Invitation[] = await manager.query(
      `SELECT ${COLUMNS} FROM auth.invitations WHERE id = $1 AND tenant_id = $2`,
      [id, tenantId],
    );
    return found ? { invitation: found, ended: ended > 0 } : null;
  }

  async findOpen(manager: EntityManager, token: string): Promise<Invitation | null> {
    const [found]: Invitation[] = await manager.query(
      `SELECT ${COLUMNS} FROM auth.invitations WHERE token_hash = $1 AND ${OPEN}`,
      [hashOf(token)],
    );
    return found ?? null;
  }

  /** One conditional UPDATE: of all who come with the token, the first has it. */
  async take(manager: EntityManager, token: string): Promise<boolean> {
    const [, taken]: [unknown, number] = await manager.query(
      `UPDATE auth.invitations SET accepted_at = now() WHERE token_hash = $1 AND ${OPEN}`,
      [hashOf(token)],
    );
    return taken > 0;
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

export const toInvitationDto = ({ id, email, role, status, createdAt, expiresAt }: Invitation): InvitationDto => ({
  id,
  email,
  role,
  status,
  created_at: createdAt.toISOString(),
  expires_at: expiresAt.toISOString(),
});
