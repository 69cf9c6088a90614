import { Injectable } from '@nestjs/common';
import type { AccessClaims, MfaDisableDto, MfaEnrolmentDto, MfaStateDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { AccountsService } from '../accounts/accounts.service';
import type { UserEntity } from '../accounts/user.entity';
import { AuditTrail } from '../audit/audit-trail';
import { PasswordCheck } from '../sign-in/password-check';
import { SessionStore } from '../sign-in/session.store';
import { bySomebody, byUser } from '../sign-in/sign-in-entries';
import type { Visitor } from '../sign-in/visitor';
import { wrongCode } from './mfa-errors';
import { MfaSecrets } from './mfa-secrets';
import { newRecoveryCodes } from './recovery-codes';
import { SecondFactorChecker } from './second-factor.checker';
import { SecondFactorStore } from './second-factor.store';
import { newSecret, otpauthUri } from './totp';

/** A session that was opened this lately needs no further proof of who it is. */
const FRESH_SECONDS = 900;

/** Turning the second factor on and off (SPEC A6). */
@Injectable()
export class MfaService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly passwords: PasswordCheck,
    private readonly sessions: SessionStore,
    private readonly store: SecondFactorStore,
    private readonly checker: SecondFactorChecker,
    private readonly secrets: MfaSecrets,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * Asked for nowhere until `verify`; a second call replaces the first.
   * @throws ApiError CONFLICT while one is on, FORBIDDEN without the password long after the sign-in, UNAUTHENTICATED for a wrong
   * one, RATE_LIMITED
   */
  async enroll(caller: AccessClaims, password: string | undefined, visitor: Visitor): Promise<MfaEnrolmentDto> {
    await this.assertPresent(caller, password, visitor);
    return this.locked(caller, async (manager, user) => {
      assertOff(user);
      const secret = newSecret();
      const recoveryCodes = newRecoveryCodes();
      await this.store.propose(manager, user.id, await this.secrets.seal(user.id, secret), recoveryCodes);
      await this.trail.record(manager, byUser('mfa.enrolled', user, visitor));
      return { otpauth_uri: otpauthUri(user.email, secret), secret, recovery_codes: recoveryCodes };
    });
  }

  /**
   * Turns it on and ends the user's other sessions, which were opened with less.
   * @throws ApiError UNAUTHENTICATED for a wrong code, CONFLICT without enrolment or when it is on, RATE_LIMITED
   */
  async verify(caller: AccessClaims, code: string, visitor: Visitor): Promise<MfaStateDto> {
    const right = await this.locked(caller, async (manager, user) => {
      assertOff(user);
      if (user.mfaSecret === null) throw new ApiError('CONFLICT', 'Enrol a second factor first');
      const proof = await this.checker.weigh(manager, user, code, ['code']);
      if (proof === null) return this.refuse(manager, user, visitor);
      await this.store.turnOn(manager, user.id);
      await this.sessions.revokeAll(manager, user.id, caller.sid);
      await this.trail.record(manager, byUser('mfa.enabled', user, visitor));
      return true;
    });
    if (!right) throw wrongCode();
    return { mfa_enabled: true };
  }

  /** @throws ApiError UNAUTHENTICATED for a wrong password or code, CONFLICT when it is off, RATE_LIMITED */
  async disable(caller: AccessClaims, { password, code }: MfaDisableDto, visitor: Visitor): Promise<MfaStateDto> {
    await this.passwords.again(await this.accounts.active(caller.uid), password, visitor);
    const right = await this.locked(caller, async (manager, user) => {
      if (!user.mfaEnabled) throw new ApiError('CONFLICT', 'The second factor is off');
      const by = await this.checker.weigh(manager, user, code);
      if (by === null) return this.refuse(manager, user, visitor);
      await this.store.turnOff(manager, user.id);
      await this.sessions.revokeAll(manager, user.id, caller.sid);
      await this.trail.record(manager, byUser('mfa.disabled', user, visitor, { by }));
      return true;
    });
    if (!right) throw wrongCode();
    return { mfa_enabled: false };
  }

  /** A token that was stolen must not become a second factor that its owner has not (ASVS 7.5.1). */
  private async assertPresent(caller: AccessClaims, password: string | undefined, visitor: Visitor): Promise<void> {
    if (password !== undefined) {
      await this.passwords.again(await this.accounts.active(caller.uid), password, visitor);
      return;
    }
    const isFresh = await this.database.inTransaction((manager) =>
      this.sessions.isOpenedWithin(manager, caller.sid, FRESH_SECONDS),
    );
    if (!isFresh) throw new ApiError('FORBIDDEN', 'Signed in long ago: give the password too');
  }

  /** Committed with the count of wrong answers, and refused after that. */
  private async refuse(manager: EntityManager, user: UserEntity, visitor: Visitor): Promise<false> {
    await this.trail.record(manager, bySomebody('mfa.failed', user.id, visitor));
    return false;
  }

  private locked<T>(caller: AccessClaims, work: (manager: EntityManager, user: UserEntity) => Promise<T>): Promise<T> {
    return this.database.inTransaction(async (manager) => {
      await this.store.lock(manager, caller.uid);
      return work(manager, await this.accounts.active(caller.uid, manager));
    });
  }
}

function assertOff(user: UserEntity): void {
  if (user.mfaEnabled) throw new ApiError('CONFLICT', 'The second factor is on already');
}
