import { Injectable } from '@nestjs/common';
import type { LoginDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import { asMember, type Member } from '../accounts/account';
import { AccountsService } from '../accounts/accounts.service';
import { TenantsService } from '../accounts/tenants.service';
import type { UserEntity } from '../accounts/user.entity';
import { PasswordHasher } from '../passwords/password-hasher';
import { isCurrent, storedHash } from '../passwords/stored-hash';
import { FailureLog } from './failure-log';
import { SessionStore, type OpenSession } from './session.store';
import { TokenIssuer } from './token.issuer';

@Injectable()
export class SignInService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly tenants: TenantsService,
    private readonly hasher: PasswordHasher,
    private readonly failures: FailureLog,
    private readonly sessions: SessionStore,
    private readonly tokens: TokenIssuer,
  ) {}

  /** @throws ApiError UNAUTHENTICATED, the same for every reason; RATE_LIMITED; SERVICE_UNAVAILABLE under a flood */
  async login(credentials: LoginDto): Promise<TokenPairDto> {
    const user = await this.hasher.inTurn(() => this.check(credentials));
    this.assertNoSecondFactor(user);
    const { member, session } = await this.open(user);
    return this.tokens.issue(member, session.sid, session.refreshId);
  }

  /**
   * The delay is asked for in turn too: parallel guesses would else all be let in before the first has failed. An unknown,
   * an inactive and a wrong one walk the same steps.
   */
  private async check({ email, password }: LoginDto): Promise<UserEntity> {
    await this.failures.assertMayTry(email);
    const user = await this.accounts.findByEmail(email);
    const right = await this.hasher.verify(user && storedHash(user), password);
    if (!right || !user?.isActive) {
      await this.failures.record(email);
      throw new ApiError('UNAUTHENTICATED', 'Wrong e-mail address or password');
    }
    await this.failures.forget(email);
    await this.renewHash(user, password);
    return user;
  }

  /** Hashes of earlier builds become today's; only where nobody changed the password meanwhile. */
  private async renewHash(user: UserEntity, password: string): Promise<void> {
    if (isCurrent(user.passwordHash)) return;
    const renewed = await this.hasher.rehash(password);
    await this.database.inTransaction((manager) =>
      manager.query('UPDATE public.users SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [
        user.id,
        user.passwordHash,
        renewed,
      ]),
    );
  }

  /** Until codes can be taken, a password alone must not open an account that asks for two things. */
  private assertNoSecondFactor({ mfaEnabled }: UserEntity): void {
    if (mfaEnabled)
      throw new ApiError('FORBIDDEN', 'This account needs a second factor, which cannot be given here yet');
  }

  private open(user: UserEntity): Promise<{ member: Member; session: OpenSession }> {
    return this.database.inTransaction(async (manager) => {
      if (user.tenantId === null) await this.tenants.giveTenant(manager, user);
      const present = await this.accounts.findById(user.id, manager);
      const session = await this.sessions.open(manager, user.id);
      return { member: asMember(present ?? user), session };
    });
  }
}
