import { Inject, Injectable } from '@nestjs/common';
import type { MfaClaims, MfaLoginDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { TOKEN_TRUST, verifyToken, type TokenTrust } from '@gpubroker/platform/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { AccountsService } from '../accounts/accounts.service';
import { SessionOpener, type Opened } from '../sign-in/session.opener';
import { TokenIssuer } from '../sign-in/token.issuer';
import type { Visitor } from '../sign-in/visitor';
import { ChallengeStore } from './challenge.store';
import { wrongCode } from './mfa-errors';
import { SecondFactorChecker } from './second-factor.checker';
import { SecondFactorStore } from './second-factor.store';

/** The second half of a login. */
@Injectable()
export class MfaSignInService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly challenges: ChallengeStore,
    private readonly store: SecondFactorStore,
    private readonly checker: SecondFactorChecker,
    private readonly opener: SessionOpener,
    private readonly tokens: TokenIssuer,
    @Inject(TOKEN_TRUST) private readonly trust: TokenTrust,
  ) {}

  /** @throws ApiError UNAUTHENTICATED for a token that is over and a wrong code, TOKEN_EXPIRED, RATE_LIMITED */
  async login({ mfa_token, code }: MfaLoginDto, { fingerprint }: Visitor): Promise<TokenPairDto> {
    const claims = await verifyToken(mfa_token, 'mfa', this.trust, { fingerprint });
    // Thrown after the commit: inside, the count of wrong codes would be rolled back with it.
    const opened = await this.database.inTransaction((manager) => this.answer(manager, claims, code));
    if (!opened) throw wrongCode();
    return this.tokens.issue(opened, fingerprint);
  }

  private async answer(manager: EntityManager, { uid, jti }: MfaClaims, code: string): Promise<Opened | null> {
    await this.store.lock(manager, uid);
    if (!(await this.challenges.isOpen(manager, jti, uid))) throw new ApiError('UNAUTHENTICATED', 'Sign in again');
    const user = await this.accounts.active(uid, manager);
    if (user.mfaEnabled && (await this.checker.weigh(manager, user, code)) === null) {
      await this.challenges.fail(manager, jti);
      return null;
    }
    await this.challenges.close(manager, jti);
    return this.opener.open(manager, user);
  }
}
