import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import { AccountsService } from '../accounts/accounts.service';
import type { UserEntity } from '../accounts/user.entity';
import { PasswordHasher } from '../passwords/password-hasher';
import { isCurrent, storedHash } from '../passwords/stored-hash';
import { addressSubject, FailureLog } from './failure-log';

/** Is it this person's password? Slowed after failures, computed in turn, and renewed where the hash is of an earlier build. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly hasher: PasswordHasher,
    private readonly failures: FailureLog,
  ) {}

  /** @throws ApiError UNAUTHENTICATED, the same for every reason; RATE_LIMITED; SERVICE_UNAVAILABLE under a flood */
  byAddress(email: string, password: string): Promise<UserEntity> {
    return this.inTurn(email, password, () => this.accounts.findByEmail(email));
  }

  /** Again, of somebody who is signed in. @throws as byAddress */
  again(user: UserEntity, password: string): Promise<UserEntity> {
    return this.inTurn(user.email, password, () => this.accounts.findById(user.id));
  }

  /**
   * The delay is asked for in turn too: parallel guesses would else all be let in before the first has failed. An unknown,
   * an inactive and a wrong one walk the same steps.
   */
  private inTurn(email: string, password: string, find: () => Promise<UserEntity | null>): Promise<UserEntity> {
    return this.hasher.inTurn(async () => {
      await this.failures.assertMayTry(addressSubject(email));
      const user = await find();
      const right = await this.hasher.verify(user && storedHash(user), password);
      if (!right || !user?.isActive) {
        await this.failures.record(addressSubject(email));
        throw new ApiError('UNAUTHENTICATED', 'Wrong e-mail address or password');
      }
      await this.failures.forget(addressSubject(email));
      await this.renewHash(user, password);
      return user;
    });
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
}
