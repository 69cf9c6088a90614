import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { validationError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { normalEmail } from '../accounts/account';
import { NewUsers } from '../accounts/new-users';
import { TenantsService } from '../accounts/tenants.service';
import { AuditTrail } from '../audit/audit-trail';
import { PasswordHasher } from '../passwords/password-hasher';
import { SUPERUSER_NAME, superuserProblem, type SuperuserCredentials } from './superuser-credentials';

/** The first administrators: nobody could else make one (SPEC A9). */
@Injectable()
export class Superusers {
  constructor(
    private readonly database: Database,
    private readonly users: NewUsers,
    private readonly tenants: TenantsService,
    private readonly hasher: PasswordHasher,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * Makes an administrator, unless somebody has the address: such a one is left as he is, his password included, because by
   * now he may have changed it. Replicas that start together make one between them.
   * @throws ApiError VALIDATION_ERROR for a weak password
   */
  async ensure(wanted: SuperuserCredentials): Promise<'created' | 'exists'> {
    const problem = superuserProblem(wanted);
    if (problem !== null) throw validationError([{ field: 'password', message: problem }]);
    if (await this.exists(this.database.dataSource.manager, wanted.email)) return 'exists';
    const passwordHash = await this.hasher.hash(wanted.password);
    return this.database.inTransaction(async (manager) => {
      await this.users.lockAddress(manager, wanted.email);
      if (await this.exists(manager, wanted.email)) return 'exists';
      await this.insert(manager, wanted.email, passwordHash);
      return 'created';
    });
  }

  private async exists(manager: EntityManager, email: string): Promise<boolean> {
    const found: unknown[] = await manager.query('SELECT 1 FROM public.users WHERE lower(email) = $1 LIMIT 1', [
      normalEmail(email),
    ]);
    return found.length > 0;
  }

  private async insert(manager: EntityManager, email: string, passwordHash: string): Promise<void> {
    // Nobody sells him a plan, and pages of administration ask more than ten times a second.
    const tenantId = await this.tenants.create(manager, null, email, 'enterprise');
    const { id } = await this.users.insert(manager, {
      email,
      fullName: SUPERUSER_NAME,
      organization: null,
      passwordHash,
      role: 'admin',
      tenantId,
    });
    await this.trail.record(manager, {
      action: 'superuser.created',
      resourceType: 'user',
      resourceId: id,
      userId: null,
      tenantId: null,
      ip: null,
      details: { email },
    });
  }
}
