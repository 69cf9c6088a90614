import { Injectable } from '@nestjs/common';
import type { AdminUserDto, AdminUserListDto, AdminUserQueryDto } from '@gpubroker/contracts/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { SYSTEM_USER_ID } from '../audit/system-actor';
import { conditions, contains, countRows, limit, orderBy, type Filter } from './admin-list';

/** As rolesOf decides it, for filters and order. */
const ROLE = `CASE WHEN u.is_superuser OR u.role = 'admin' THEN 'admin'
                   WHEN u.role = 'tenant_admin' THEN 'tenant_admin' ELSE 'user' END`;
const FROM = 'FROM public.users u LEFT JOIN public.tenants t ON t.id = u.tenant_id';
const SORTS = {
  email: 'lower(u.email)',
  full_name: 'lower(u.full_name)',
  role: ROLE,
  tenant_name: 'lower(t.name)',
  created_at: 'u.created_at',
  last_login: 'u.last_login',
};

type Row = Omit<AdminUserDto, 'last_login' | 'created_at' | 'updated_at'> & {
  readonly last_login: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** Users as an administrator sees them; the system user is none of them. */
@Injectable()
export class UserReader {
  async list(manager: EntityManager, query: AdminUserQueryDto): Promise<AdminUserListDto> {
    const asked = conditions(filtersOf(query));
    const page = `${orderBy(query.sort ?? '-created_at', SORTS, 'u.id')} ${limit(query)}`;
    const items = await this.read(manager, `${asked.where} ${page}`, asked.values);
    return { items, total: await countRows(manager, FROM, asked) };
  }

  /** @throws ApiError NOT_FOUND */
  async get(manager: EntityManager, id: string): Promise<AdminUserDto> {
    const [user] = await this.read(manager, 'WHERE u.id = $1 AND u.id <> $2', [id, SYSTEM_USER_ID]);
    if (!user) throw new ApiError('NOT_FOUND', 'There is no such user');
    return user;
  }

  private async read(manager: EntityManager, rest: string, values: readonly unknown[]): Promise<AdminUserDto[]> {
    const rows = await manager.query<Row[]>(
      `SELECT u.id, u.email, u.full_name, u.organization, ${ROLE} AS role, u.tenant_id, t.name AS tenant_name,
              u.is_active, u.mfa_enabled, u.last_login, u.created_at, u.updated_at ${FROM} ${rest}`,
      [...values],
    );
    return rows.map((row) => ({
      ...row,
      last_login: row.last_login?.toISOString() ?? null,
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
    }));
  }
}

const filtersOf = ({ q, role, tenant_id, is_active, mfa_enabled }: AdminUserQueryDto): Filter[] => [
  ['u.id <> ?', SYSTEM_USER_ID],
  [contains(['u.email', 'u.full_name', "coalesce(u.organization, '')", "coalesce(t.name, '')"]), q],
  [`${ROLE} = ?`, role],
  ['u.tenant_id = ?', tenant_id],
  ['u.is_active = ?', is_active],
  ['u.mfa_enabled = ?', mfa_enabled],
];
