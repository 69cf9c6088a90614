import { Injectable } from '@nestjs/common';
import type {
  AdminUserDto,
  AdminUserListDto,
  AdminUserQueryDto,
  ChangeUserDto,
  CreateUserDto,
} from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { validationError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { NewUsers } from '../accounts/new-users';
import { TenantsService } from '../accounts/tenants.service';
import { UserEntity } from '../accounts/user.entity';
import { AuditTrail } from '../audit/audit-trail';
import { PasswordHasher } from '../passwords/password-hasher';
import { passwordProblem } from '../passwords/password-policy';
import { AccessChangeLog } from '../revocation/access-change-log';
import { SessionStore } from '../sign-in/session.store';
import type { Actor } from './actor.decorator';
import { entriesAbout } from './admin-entry';
import { Administrators } from './administrators';
import { changesBetween, saysOtherwise } from './user-change';
import { UserReader } from './user-reader';

const entry = entriesAbout('user');

/** What an administrator does with users; all of it audited, in the transaction that does it (SPEC A9). */
@Injectable()
export class UsersAdminService {
  constructor(
    private readonly database: Database,
    private readonly reader: UserReader,
    private readonly users: NewUsers,
    private readonly tenants: TenantsService,
    private readonly hasher: PasswordHasher,
    private readonly administrators: Administrators,
    private readonly sessions: SessionStore,
    private readonly changes: AccessChangeLog,
    private readonly trail: AuditTrail,
  ) {}

  list(query: AdminUserQueryDto, actor: Actor): Promise<AdminUserListDto> {
    return this.database.inTransaction(async (manager) => {
      const found = await this.reader.list(manager, query);
      await this.trail.record(manager, entry(actor, 'users.listed', null, { query: { ...query } }));
      return found;
    });
  }

  get(id: string, actor: Actor): Promise<AdminUserDto> {
    return this.database.inTransaction(async (manager) => {
      const user = await this.reader.get(manager, id);
      await this.trail.record(manager, entry(actor, 'user.read', id));
      return user;
    });
  }

  /** @throws ApiError VALIDATION_ERROR for a weak password or an unknown tenant, CONFLICT for an address that is taken */
  async create(wanted: CreateUserDto, actor: Actor): Promise<AdminUserDto> {
    const { email, password, full_name, role, organization = null } = wanted;
    const problem = passwordProblem(password, { email, names: [full_name, organization] });
    if (problem !== null) throw validationError([{ field: 'password', message: problem }]);
    const passwordHash = await this.hasher.hash(password);
    return this.database.inTransaction(async (manager) => {
      await this.users.assertFree(manager, email);
      if (wanted.tenant_id !== undefined) await this.assertTenant(manager, wanted.tenant_id);
      const tenantId = wanted.tenant_id ?? (await this.tenants.create(manager, organization, email));
      const { id } = await this.users.insert(manager, {
        email,
        fullName: full_name,
        organization,
        passwordHash,
        role,
        tenantId,
      });
      const created = await this.reader.get(manager, id);
      await this.trail.record(manager, entry(actor, 'user.created', id, { email, role, tenant_id: tenantId }));
      return created;
    });
  }

  /** @throws ApiError NOT_FOUND, VALIDATION_ERROR, or CONFLICT for a taken address and for the last administrator */
  change(id: string, wanted: ChangeUserDto, actor: Actor): Promise<AdminUserDto> {
    return this.database.inTransaction(async (manager) => {
      await this.administrators.lock(manager);
      const before = await this.reader.get(manager, id);
      if (wanted.email !== undefined) await this.users.assertFree(manager, wanted.email, id);
      if (wanted.tenant_id !== undefined) await this.assertTenant(manager, wanted.tenant_id);
      await this.write(manager, id, wanted);
      await this.administrators.assertOneLeft(manager);
      const after = await this.reader.get(manager, id);
      const changed = changesBetween(before, after);
      if (Object.keys(changed).length === 0) return before;
      if (before.is_active && !after.is_active) await this.sessions.revokeAll(manager, id, null);
      await this.changes.userChanged(
        manager,
        { id, isActive: after.is_active },
        saysOtherwise(before, after) ? new Date() : null,
      );
      await this.trail.record(manager, entry(actor, 'user.changed', id, { changed }));
      return after;
    });
  }

  private async write(manager: EntityManager, id: string, wanted: ChangeUserDto): Promise<void> {
    const { email, full_name, organization, role, tenant_id, is_active } = wanted;
    await manager.update(UserEntity, id, {
      updatedAt: new Date(),
      ...(email !== undefined && { email }),
      ...(full_name !== undefined && { fullName: full_name }),
      ...(organization !== undefined && { organization }),
      ...(tenant_id !== undefined && { tenantId: tenant_id }),
      ...(is_active !== undefined && { isActive: is_active }),
      // Django's superuser is an administrator whatever its role says: another role has to take that away too.
      ...(role !== undefined && { role, ...(role !== 'admin' && { isSuperuser: false, isStaff: false }) }),
    });
  }

  private async assertTenant(manager: EntityManager, id: string): Promise<void> {
    const found: unknown[] = await manager.query('SELECT 1 FROM public.tenants WHERE id = $1', [id]);
    if (found.length === 0) throw validationError([{ field: 'tenant_id', message: 'is no tenant' }]);
  }
}
