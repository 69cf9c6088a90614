import { Injectable } from '@nestjs/common';
import type { AdminTenantDto, AdminTenantListDto, AdminTenantQueryDto } from '@gpubroker/contracts/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { SYSTEM_TENANT_ID } from '../audit/system-actor';
import { conditions, contains, countRows, limit, orderBy, type Filter } from './admin-list';

const USERS = '(SELECT count(*)::int FROM public.users u WHERE u.tenant_id = t.id)';
const FROM = 'FROM public.tenants t LEFT JOIN auth.tenant_deactivations d ON d.tenant_id = t.id';
const SORTS = {
  name: 'lower(t.name)',
  plan: 't.plan',
  rate_limit_rps: 't.rate_limit_rps',
  ws_limit: 't.ws_limit',
  users: USERS,
  created_at: 't.created_at',
};

type Row = Omit<AdminTenantDto, 'created_at'> & { readonly created_at: Date };

/** Tenants as an administrator sees them; the system's is none of them. */
@Injectable()
export class TenantReader {
  async list(manager: EntityManager, query: AdminTenantQueryDto): Promise<AdminTenantListDto> {
    const asked = conditions(filtersOf(query));
    const page = `${orderBy(query.sort ?? '-created_at', SORTS, 't.id')} ${limit(query)}`;
    const items = await this.read(manager, `${asked.where} ${page}`, asked.values);
    return { items, total: await countRows(manager, FROM, asked) };
  }

  /** @throws ApiError NOT_FOUND */
  async get(manager: EntityManager, id: string): Promise<AdminTenantDto> {
    const [tenant] = await this.read(manager, 'WHERE t.id = $1 AND t.id <> $2', [id, SYSTEM_TENANT_ID]);
    if (!tenant) throw new ApiError('NOT_FOUND', 'There is no such tenant');
    return tenant;
  }

  private async read(manager: EntityManager, rest: string, values: readonly unknown[]): Promise<AdminTenantDto[]> {
    const rows = await manager.query<Row[]>(
      `SELECT t.id, t.name, t.plan, t.rate_limit_rps, t.ws_limit, ${USERS} AS users, d.tenant_id IS NULL AS is_active,
              t.created_at ${FROM} ${rest}`,
      [...values],
    );
    return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
  }
}

const filtersOf = ({ q, plan, is_active }: AdminTenantQueryDto): Filter[] => [
  ['t.id <> ?', SYSTEM_TENANT_ID],
  [contains(['t.name']), q],
  ['t.plan = ?', plan],
  ['(d.tenant_id IS NULL) = ?', is_active],
];
