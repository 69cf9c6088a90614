import { Injectable } from '@nestjs/common';
import type { RegisterDto, RegisteredUserDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { validationError } from '@gpubroker/platform/errors';
import { AuditTrail } from '../audit/audit-trail';
import { PasswordHasher } from '../passwords/password-hasher';
import { passwordProblem } from '../passwords/password-policy';
import { byUser } from '../sign-in/sign-in-entries';
import type { Visitor } from '../sign-in/visitor';
import { toRegisteredUser } from './account';
import { NewUsers } from './new-users';
import { RegistrationLimiter } from './registration.limiter';
import { TenantsService } from './tenants.service';

@Injectable()
export class RegistrationService {
  constructor(
    private readonly database: Database,
    private readonly users: NewUsers,
    private readonly tenants: TenantsService,
    private readonly hasher: PasswordHasher,
    private readonly limiter: RegistrationLimiter,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * The hash is computed before the address is looked up, so that a taken one takes as long as a free one.
   * @throws ApiError RATE_LIMITED, VALIDATION_ERROR for a weak password, CONFLICT for an address that is taken
   */
  async register(wanted: RegisterDto, visitor: Visitor): Promise<RegisteredUserDto> {
    await this.limiter.take(visitor.ip);
    this.assertGoodPassword(wanted);
    const passwordHash = await this.hasher.hash(wanted.password);
    const user = await this.database.inTransaction(async (manager) => {
      await this.users.assertFree(manager, wanted.email);
      const tenantId = await this.tenants.create(manager, wanted.organization ?? null, wanted.email);
      const user = await this.users.insert(manager, {
        email: wanted.email,
        fullName: wanted.full_name,
        organization: wanted.organization ?? null,
        passwordHash,
        role: 'tenant_admin',
        tenantId,
      });
      await this.trail.record(manager, byUser('user.registered', user, visitor));
      return user;
    });
    return toRegisteredUser(user);
  }

  private assertGoodPassword({ password, email, full_name, organization }: RegisterDto): void {
    const problem = passwordProblem(password, { email, names: [full_name, organization] });
    if (problem !== null) throw validationError([{ field: 'password', message: problem }]);
  }
}
