import { Injectable } from '@nestjs/common';
import type {
  AcceptInvitationDto,
  AccessClaims,
  CreateInvitationDto,
  InvitationDto,
  InvitationListDto,
  NewInvitationDto,
  RegisteredUserDto,
} from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { ApiError, validationError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../audit/audit-entry';
import { AuditTrail } from '../audit/audit-trail';
import { PasswordHasher } from '../passwords/password-hasher';
import { passwordProblem } from '../passwords/password-policy';
import type { Visitor } from '../sign-in/visitor';
import { toRegisteredUser } from './account';
import { InvitationStore, toInvitationDto, type Invitation } from './invitation.store';
import { NewUsers } from './new-users';
import { RegistrationLimiter } from './registration.limiter';
import type { UserEntity } from './user.entity';

/** The way into a tenant that exists (SPEC A2). Whose tenant it is comes from the caller's token alone. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly database: Database,
    private readonly store: InvitationStore,
    private readonly users: NewUsers,
    private readonly hasher: PasswordHasher,
    private readonly limiter: RegistrationLimiter,
    private readonly trail: AuditTrail,
  ) {}

  /** Says nothing of whether the address is registered: that shows when the invitation is accepted. */
  create(caller: AccessClaims, { email, role }: CreateInvitationDto, visitor: Visitor): Promise<NewInvitationDto> {
    return this.database.inTransaction(async (manager) => {
      const wanted = { tenantId: caller.tenant_id, email, role: role ?? 'user', by: caller.uid };
      const { invitation, token } = await this.store.add(manager, wanted);
      await this.trail.record(manager, entry('invitation.created', invitation, caller.uid, visitor));
      return { ...toInvitationDto(invitation), token };
    });
  }

  async list(caller: AccessClaims): Promise<InvitationListDto> {
    const found = await this.database.inTransaction((manager) => this.store.list(manager, caller.tenant_id));
    return { items: found.map(toInvitationDto), total: found.length };
  }

  /** @throws ApiError NOT_FOUND for one that is not the tenant's, CONFLICT for one that was accepted */
  revoke(caller: AccessClaims, id: string, visitor: Visitor): Promise<InvitationDto> {
    return this.database.inTransaction(async (manager) => {
      const found = await this.store.revoke(manager, caller.tenant_id, id);
      if (!found) throw noInvitation();
      const { invitation, ended } = found;
      if (invitation.status === 'accepted') throw new ApiError('CONFLICT', 'The invitation was accepted already');
      if (ended) await this.trail.record(manager, entry('invitation.revoked', invitation, caller.uid, visitor));
      return toInvitationDto(invitation);
    });
  }

  /**
   * @throws ApiError NOT_FOUND for a token that is unknown, used, revoked or over, VALIDATION_ERROR for a weak password,
   * CONFLICT when the address was registered meanwhile, RATE_LIMITED as registration
   */
  async accept({ token, password, full_name }: AcceptInvitationDto, visitor: Visitor): Promise<RegisteredUserDto> {
    await this.limiter.take(visitor.ip);
    const invitation = await this.database.inTransaction((manager) => this.store.findOpen(manager, token));
    if (!invitation) throw noInvitation();
    const problem = passwordProblem(password, { email: invitation.email, names: [full_name] });
    if (problem !== null) throw validationError([{ field: 'password', message: problem }]);
    const passwordHash = await this.hasher.hash(password);
    const user = await this.database.inTransaction(async (manager) => {
      if (!(await this.store.take(manager, token))) throw noInvitation();
      const joined = await this.join(manager, invitation, full_name, passwordHash);
      await this.trail.record(manager, entry('invitation.accepted', invitation, joined.id, visitor));
      return joined;
    });
    return toRegisteredUser(user);
  }

  private async join(
    manager: EntityManager,
    { email, role, tenantId }: Invitation,
    fullName: string,
    passwordHash: string,
  ): Promise<UserEntity> {
    await this.users.assertFree(manager, email);
    return this.users.insert(manager, { email, fullName, organization: null, passwordHash, role, tenantId });
  }
}

const noInvitation = () => new ApiError('NOT_FOUND', 'There is no such invitation');

const entry = (action: string, { id, tenantId, role }: Invitation, userId: string, { ip }: Visitor): AuditEntry => ({
  action,
  resourceType: 'invitation',
  resourceId: id,
  userId,
  tenantId,
  ip,
  details: { role },
});
