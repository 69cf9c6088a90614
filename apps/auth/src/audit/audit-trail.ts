import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { storable, type AuditEntry } from './audit-entry';
import { canonicalText } from './audit-link';
import { SYSTEM_TENANT_ID, SYSTEM_USER_ID } from './system-actor';

/** Moves the head on, which makes writers wait for each other until they commit, and writes both rows from what it says. */
const APPEND = `
  WITH link AS (
    UPDATE auth.audit_head
    SET seq = seq + 1, previous_hash = hash, hash = encode(sha256(convert_to(hash || $10::text, 'UTF8')), 'hex')
    RETURNING seq, previous_hash, hash
  ), entry AS (
    INSERT INTO public.audit_logs (id, action, resource_type, resource_id, details, ip_address, created_at, user_id,
                                   tenant_id, previous_hash, current_hash)
    SELECT $1::uuid, $2, $3, $4, $5::jsonb, $6::inet, $7::timestamptz, $8::uuid, $9::uuid, previous_hash, hash FROM link
  )
  INSERT INTO auth.audit_chain (seq, audit_id, canonical, previous_hash, hash)
  SELECT seq, $1::uuid, $10::text, previous_hash, hash FROM link`;

/** The audit chain (SPEC A8, S5): what happened, each entry sealed by the hash of all before it. */
@Injectable()
export class AuditTrail {
  /**
   * Call it last in the transaction that makes the entry true: the head of the chain stays locked until its commit, and a row
   * that is locked after it could be held by somebody who waits for the head.
   */
  async record(manager: EntityManager, entry: AuditEntry, at: Date = new Date()): Promise<void> {
    const { action, resourceType, resourceId, details, ip, userId, tenantId } = storable(entry);
    if (userId === null || tenantId === null) await this.addSystemActor(manager);
    const facts = {
      audit_id: randomUUID(),
      action,
      resource_type: resourceType,
      resource_id: resourceId,
      details,
      ip_address: ip,
      created_at: at.toISOString().replace('Z', '000Z'),
      user_id: userId ?? SYSTEM_USER_ID,
      tenant_id: tenantId ?? SYSTEM_TENANT_ID,
    };
    await manager.query(APPEND, [
      facts.audit_id,
      facts.action,
      facts.resource_type,
      facts.resource_id,
      JSON.stringify(facts.details),
      facts.ip_address,
      facts.created_at,
      facts.user_id,
      facts.tenant_id,
      canonicalText(facts),
    ]);
  }

  /** The same ids, null for what is no row: the table refers to both. */
  async knownActor(
    manager: EntityManager,
    userId: string | null,
    tenantId: string | null,
  ): Promise<{ userId: string | null; tenantId: string | null }> {
    const [known] = await manager.query<[{ userId: string | null; tenantId: string | null }]>(
      `SELECT (SELECT id FROM public.users WHERE id = $1) AS "userId",
              (SELECT id FROM public.tenants WHERE id = $2) AS "tenantId"`,
      [userId, tenantId],
    );
    return known;
  }

  /** Made when first needed: an adopted database gets no row by being adopted. Nobody can sign in as it. */
  private async addSystemActor(manager: EntityManager): Promise<void> {
    await manager.query(
      `INSERT INTO public.tenants (id, name, plan, rate_limit_rps, ws_limit, created_at)
       VALUES ($1::uuid, 'GPUBROKER system ' || $1::uuid::text, 'free', 0, 0, now()) ON CONFLICT (id) DO NOTHING`,
      [SYSTEM_TENANT_ID],
    );
    await manager.query(
      `INSERT INTO public.users (id, email, password, password_hash, full_name, role, is_superuser, is_staff, first_name,
                                 last_name, mfa_enabled, is_active, date_joined, created_at, updated_at, tenant_id)
       VALUES ($1::uuid, $1::uuid::text || '@system.invalid', '!', '', 'System', 'user', false, false, '', '', false, false, now(),
               now(), now(), $2)
       ON CONFLICT (id) DO NOTHING`,
      [SYSTEM_USER_ID, SYSTEM_TENANT_ID],
    );
  }
}
