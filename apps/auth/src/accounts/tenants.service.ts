import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PLAN_LIMITS, type Plan } from '@gpubroker/contracts/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { tenantNameFor, withSuffix } from './tenant-name';
import type { UserEntity } from './user.entity';

const ATTEMPTS = 5;

@Injectable()
export class TenantsService {
  /**
   * A new tenant, free unless said otherwise; a name that is taken gets a suffix, so that nobody joins a tenant by calling himself like it.
   * @returns its id
   */
  async create(
    manager: EntityManager,
    organization: string | null,
    email: string,
    plan: Plan = 'free',
  ): Promise<string> {
    const wish = tenantNameFor(organization, email);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const id = await this.insert(manager, attempt === 0 ? wish : withSuffix(wish), plan);
      if (id !== null) return id;
    }
    throw new ApiError('CONFLICT', 'No free name was found for the tenant');
  }

  /** The earlier build knew users without a tenant: such a one gets his own at the next login (SPEC A1). */
  async giveTenant(manager: EntityManager, user: UserEntity): Promise<void> {
    const id = await this.create(manager, user.organization, user.email);
    await manager.query('UPDATE public.users SET tenant_id = $2 WHERE id = $1 AND tenant_id IS NULL', [user.id, id]);
  }

  private async insert(manager: EntityManager, name: string, plan: Plan): Promise<string | null> {
    const { rateLimitRps, wsLimit } = PLAN_LIMITS[plan];
    const rows: { id: string }[] = await manager.query(
      `INSERT INTO public.tenants (id, name, plan, rate_limit_rps, ws_limit, created_at)
       VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT (name) DO NOTHING RETURNING id`,
      [randomUUID(), name, plan, rateLimitRps, wsLimit],
    );
    return rows[0]?.id ?? null;
  }
}
