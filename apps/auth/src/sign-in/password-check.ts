import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import { AccountsService } from '../accounts/accounts.service';
import type { UserEntity } from '../accounts/user.entity';
import { AuditTrail } from '../audit/audit-trail';
import { PasswordHasher } from '../passwords/password-hasher';
import { isCurrent, storedHash } from '../passwords/stored-hash';
import { FailureLog, type FailureSubject } from './failure-log';
import { KnownPlaces } from './known-places';
import { bySomebody } from './sign-in-entries';
import type { Visitor } from './visitor';

interface Attempt {
  readonly email: string;
  readonly password: string;
  readonly visitor: Visitor;
  /** Its name in the audit trail. */
  readonly failure: string;
}

/** Is it this person's password? Slowed after failures, computed in turn, and renewed where the hash is of an earlier build. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly hasher: PasswordHasher,
    private readonly failures: FailureLog,
    private readonly places: KnownPlaces,
    private readonly trail: AuditTrail,
  ) {}

  /** @throws ApiError UNAUTHENTICATED, the same for every reason; RATE_LIMITED; SERVICE_UNAVAILABLE under a flood */
  byAddress(email: string, password: string, visitor: Visitor): Promise<UserEntity> {
    return this.inTurn({ email, password, visitor, failure: 'login.failed' }, () => this.accounts.findByEmail(email));
  }

  /** Again, of somebody who is signed in. @throws as byAddress */
  again(user: UserEntity, password: string, visitor: Visitor): Promise<UserEntity> {
    const attempt = { email: user.email, password, visitor, failure: 'password_check.failed' };
    return this.inTurn(attempt, () => this.accounts.findById(user.id));
  }

  /**
   * The delay is asked for in turn too: parallel guesses would else all be let in before the first has failed. An unknown,
   * an inactive and a wrong one walk the same steps.
   */
  private inTurn(attempt: Attempt, find: () => Promise<UserEntity | null>): Promise<UserEntity> {
    const { email, password, visitor } = attempt;
    return this.hasher.inTurn(async () => {
      const subject = await this.places.subjectOf(email, visitor);
      await this.failures.assertMayTry(subject);
      const user = await find();
      const right = await this.hasher.verify(user && storedHash(user), password);
      if (!right || !user?.isActive) {
        await this.recordFailure(subject, attempt, user);
        throw new ApiError('UNAUTHENTICATED', 'Wrong e-mail address or password');
      }
      await this.failures.forget(subject);
      return this.withCurrentHash(user, password);
    });
  }

  private recordFailure(
    subject: FailureSubject,
    { visitor, failure }: Attempt,
    user: UserEntity | null,
  ): Promise<void> {
    return this.database.inTransaction(async (manager) => {
      await this.failures.record(subject, manager);
      await this.trail.record(manager, bySomebody(failure, user?.id ?? null, visitor));
    });
  }

  /** Hashes of earlier builds become today's; only where nobody changed the password meanwhile. */
  private async withCurrentHash(user: UserEntity, password: string): Promise<UserEntity> {
    if (isCurrent(user.passwordHash)) return user;
    const renewed = await this.hasher.rehash(password);
    await this.database.inTransaction((manager) =>
      manager.query('UPDATE public.users SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [
        user.id,
        user.passwordHash,
        renewed,
      ]),
    );
    return Object.assign(user, { passwordHash: renewed });
  }
}
