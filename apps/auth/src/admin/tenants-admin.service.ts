import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  PLAN_LIMITS,
  type AdminTenantDto,
  type AdminTenantListDto,
  type AdminTenantQueryDto,
  type ChangeTenantDto,
  type CreateTenantDto,
} from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail';
import { AccessChangeLog } from '../revocation/access-change-log';
import type { Actor } from './actor.decorator';
import { entriesAbout } from './admin-entry';
import { Administrators } from './administrators';
import { tenantChanges, wantedTenant } from './tenant-change';
import { TenantReader } from './tenant-reader';

const entry = entriesAbout('tenant');

/** What an administrator does with tenants; all of it audited, in the transaction that does it (SPEC A9). */
@Injectable()
export class TenantsAdminService {
  constructor(
    private readonly database: Database,
    private readonly reader: TenantReader,
    private readonly administrators: Administrators,
    private readonly changes: AccessChangeLog,
    private readonly trail: AuditTrail,
  ) {}

  list(query: AdminTenantQueryDto, actor: Actor): Promise<AdminTenantListDto> {
    return this.database.inTransaction(async (manager) => {
      const found = await this.reader.list(manager, query);
      await this.trail.record(manager, entry(actor, 'tenants.listed', null, { query: { ...query } }));
      return found;
    });
  }

  get(id: string, actor: Actor): Promise<AdminTenantDto> {
    return this.database.inTransaction(async (manager) => {
      const tenant = await this.reader.get(manager, id);
      await this.trail.record(manager, entry(actor, 'tenant.read', id));
      return tenant;
    });
  }

  /** @throws ApiError CONFLICT for a name that is taken */
  create({ name, plan = 'free', rate_limit_rps, ws_limit }: CreateTenantDto, actor: Actor): Promise<AdminTenantDto> {
    const id = randomUUID();
    const { rateLimitRps, wsLimit } = PLAN_LIMITS[plan];
    return this.database.inTransaction(async (manager) => {
      const made: unknown[] = await manager.query(
        `INSERT INTO public.tenants (id, name, plan, rate_limit_rps, ws_limit, created_at)
         VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT (name) DO NOTHING RETURNING id`,
        [id, name, plan, rate_limit_rps ?? rateLimitRps, ws_limit ?? wsLimit],
      );
      if (made.length === 0) throw taken();
      const tenant = await this.reader.get(manager, id);
      await this.changes.tenantChanged(manager, tenant);
      await this.trail.record(manager, entry(actor, 'tenant.created', id, { name, plan }));
      return tenant;
    });
  }

  /** @throws ApiError NOT_FOUND, or CONFLICT for a taken name and where the last administrators would go */
  change(id: string, wanted: ChangeTenantDto, actor: Actor): Promise<AdminTenantDto> {
    return this.database.inTransaction(async (manager) => {
      await this.administrators.lock(manager);
      const before = await this.reader.get(manager, id);
      const after = { ...before, ...wantedTenant(before, wanted) };
      const changed = tenantChanges(before, after);
      if (Object.keys(changed).length === 0) return before;
      await this.write(manager, after);
      await this.administrators.assertOneLeft(manager);
      await this.changes.tenantChanged(manager, after);
      await this.trail.record(manager, entry(actor, 'tenant.changed', id, { changed }));
      return after;
    });
  }

  private async write(manager: EntityManager, tenant: AdminTenantDto): Promise<void> {
    const { id, name, plan, rate_limit_rps, ws_limit, is_active } = tenant;
    const others: unknown[] = await manager.query('SELECT 1 FROM public.tenants WHERE name = $1 AND id <> $2', [
      name,
      id,
    ]);
    if (others.length > 0) throw taken();
    await manager.query(
      'UPDATE public.tenants SET name = $2, plan = $3, rate_limit_rps = $4, ws_limit = $5 WHERE id = $1',
      [id, name, plan, rate_limit_rps, ws_limit],
    );
    await manager.query(
      is_active
        ? 'DELETE FROM auth.tenant_deactivations WHERE tenant_id = $1'
        : 'INSERT INTO auth.tenant_deactivations (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING',
      [id],
    );
  }
}

const taken = () => new ApiError('CONFLICT', 'Another tenant has this name');
