import { Injectable } from '@nestjs/common';
import type { AccessClaims, ChangePasswordDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { ApiError, validationError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { AccountsService } from '../accounts/accounts.service';
import type { UserEntity } from '../accounts/user.entity';
import { AuditTrail } from '../audit/audit-trail';
import { ChallengeStore } from '../mfa/challenge.store';
import { PasswordCheck } from '../sign-in/password-check';
import { SessionStore } from '../sign-in/session.store';
import { byUser } from '../sign-in/sign-in-entries';
import type { Visitor } from '../sign-in/visitor';
import { PasswordHasher } from './password-hasher';
import { passwordProblem } from './password-policy';

@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly passwords: PasswordCheck,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionStore,
    private readonly challenges: ChallengeStore,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * Leaves the caller's session and ends the user's others.
   * @throws ApiError UNAUTHENTICATED for a wrong present password, VALIDATION_ERROR for a weak new one, RATE_LIMITED after
   * failures, CONFLICT when somebody changed it meanwhile
   */
  async change(caller: AccessClaims, wanted: ChangePasswordDto, visitor: Visitor): Promise<void> {
    const user = await this.passwords.again(await this.accounts.active(caller.uid), wanted.current_password, visitor);
    assertGood(user, wanted);
    const passwordHash = await this.hasher.hash(wanted.new_password);
    await this.database.inTransaction(async (manager) => {
      await this.store(manager, user, passwordHash);
      await this.sessions.revokeAll(manager, user.id, caller.sid);
      await this.challenges.endAll(manager, user.id);
      await this.trail.record(manager, byUser('password.changed', user, visitor));
    });
  }

  /** The earlier build's own column follows in its form, so that the former password opens nothing there either. */
  private async store(manager: EntityManager, user: UserEntity, passwordHash: string): Promise<void> {
    const [, changed]: [unknown, number] = await manager.query(
      `UPDATE public.users
       SET password_hash = $2, password = CASE WHEN password LIKE 'argon2$%' THEN $4 ELSE '!' END,
           updated_at = now()
       WHERE id = $1 AND password_hash = $3`,
      [user.id, passwordHash, user.passwordHash, `argon2${passwordHash}`],
    );
    if (changed === 0) throw new ApiError('CONFLICT', 'The password was changed meanwhile');
  }
}

function assertGood(user: UserEntity, { current_password, new_password }: ChangePasswordDto): void {
  const problem =
    new_password === current_password
      ? 'must be another than the present one'
      : passwordProblem(new_password, { email: user.email, names: [user.fullName, user.organization] });
  if (problem !== null) throw validationError([{ field: 'new_password', message: problem }]);
}
