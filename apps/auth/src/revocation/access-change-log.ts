import { Injectable } from '@nestjs/common';
import { accessChanges, type AccessChange } from '@gpubroker/contracts/events';
import { appendToOutbox, newEvent } from '@gpubroker/events/outbox';
import type { EntityManager } from 'typeorm';
import { AUTH_SCHEMA } from '../auth.database';

type TenantChange = Extract<AccessChange, { kind: 'tenant_changed' }>;

/**
 * Tells every service what its tokens say wrongly from now on (SPEC S6). Called in the transaction that makes it so, after the
 * rows were changed: what is rolled back is told nobody, what is committed is told for certain.
 */
@Injectable()
export class AccessChangeLog {
  async sessionEnded(manager: EntityManager, sessionId: string, userId: string): Promise<void> {
    await this.append(manager, { kind: 'session_ended', session_id: sessionId, user_id: userId, at: now() });
  }

  /** @param tokensNotBefore tokens of the user from before are refused; null: they still say what is true */
  async userChanged(
    manager: EntityManager,
    user: { readonly id: string; readonly isActive: boolean },
    tokensNotBefore: Date | null,
  ): Promise<void> {
    await this.append(manager, {
      kind: 'user_changed',
      user_id: user.id,
      is_active: user.isActive,
      tokens_not_before: tokensNotBefore?.toISOString() ?? null,
      at: now(),
    });
  }

  async tenantChanged(
    manager: EntityManager,
    tenant: Omit<TenantChange, 'kind' | 'tenant_id' | 'at'> & { id: string },
  ) {
    const { id, plan, rate_limit_rps, ws_limit, is_active } = tenant;
    await this.append(manager, {
      kind: 'tenant_changed',
      tenant_id: id,
      plan,
      rate_limit_rps,
      ws_limit,
      is_active,
      at: now(),
    });
  }

  private async append(manager: EntityManager, change: AccessChange): Promise<void> {
    await appendToOutbox(manager, AUTH_SCHEMA, [newEvent(accessChanges, change)]);
  }
}

const now = (): string => new Date().toISOString();
