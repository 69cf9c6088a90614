import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RegisterDto, RegisteredUserDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { ApiError, validationError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { PasswordHasher } from '../passwords/password-hasher';
import { passwordProblem } from '../passwords/password-policy';
import { normalEmail, toRegisteredUser } from './account';
import { RegistrationLimiter } from './registration.limiter';
import { TenantsService } from './tenants.service';
import { UserEntity } from './user.entity';

/** Django's mark for "no password here": the earlier release then lets nobody in by this column. */
const NO_DJANGO_PASSWORD = '!';

@Injectable()
export class RegistrationService {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantsService,
    private readonly hasher: PasswordHasher,
    private readonly limiter: RegistrationLimiter,
  ) {}

  /**
   * The hash is computed before the address is looked up, so that a taken one takes as long as a free one.
   * @throws ApiError RATE_LIMITED, VALIDATION_ERROR for a weak password, CONFLICT for an address that is taken
   */
  async register(wanted: RegisterDto, address: string): Promise<RegisteredUserDto> {
    this.limiter.take(address);
    this.assertGoodPassword(wanted);
    const passwordHash = await this.hasher.hash(wanted.password);
    const user = await this.database.inTransaction(async (manager) => {
      await this.assertFree(manager, wanted.email);
      const tenantId = await this.tenants.create(manager, wanted.organization ?? null, wanted.email);
      return this.insert(manager, wanted, passwordHash, tenantId);
    });
    return toRegisteredUser(user);
  }

  private assertGoodPassword({ password, email, full_name, organization }: RegisterDto): void {
    const problem = passwordProblem(password, { email, names: [full_name, organization] });
    if (problem !== null) throw validationError([{ field: 'password', message: problem }]);
  }

  /** The table's own constraint knows only equal spellings; the lock lets one registration of an address pass at a time. */
  private async assertFree(manager: EntityManager, email: string): Promise<void> {
    const address = normalEmail(email);
    await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('auth.register:' || $1, 0))", [address]);
    const taken: unknown[] = await manager.query('SELECT 1 FROM public.users WHERE lower(email) = $1 LIMIT 1', [
      address,
    ]);
    if (taken.length > 0) throw new ApiError('CONFLICT', 'This address is registered already');
  }

  private insert(
    manager: EntityManager,
    { email, full_name, organization }: RegisterDto,
    passwordHash: string,
    tenantId: string,
  ): Promise<UserEntity> {
    const now = new Date();
    return manager.save(
      manager.create(UserEntity, {
        id: randomUUID(),
        email,
        password: NO_DJANGO_PASSWORD,
        passwordHash,
        fullName: full_name,
        organization: organization ?? null,
        role: 'tenant_admin',
        isSuperuser: false,
        isStaff: false,
        firstName: '',
        lastName: '',
        mfaEnabled: false,
        mfaSecret: null,
        isActive: true,
        lastLogin: null,
        dateJoined: now,
        createdAt: now,
        updatedAt: now,
        tenantId,
      }),
    );
  }
}
