import { Inject, Injectable } from '@nestjs/common';
import type { MfaClaims, MfaLoginDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { TOKEN_TRUST, verifyToken, type TokenTrust } from '@gpubroker/platform/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { AccountsService } from '../accounts/accounts.service';
import { AuditTrail } from '../audit/audit-trail';
import { SessionOpener, type Opened } from '../sign-in/session.opener';
import { bySomebody } from '../sign-in/sign-in-entries';
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
    private readonly trail: AuditTrail,
    @Inject(TOKEN_TRUST) private readonly trust: TokenTrust,
  ) {}

  /** @throws ApiError UNAUTHENTICATED for a token that is over and a wrong code, TOKEN_EXPIRED, RATE_LIMITED */
  async login({ mfa_token, code }: MfaLoginDto, visitor: Visitor): Promise<TokenPairDto> {
    const claims = await verifyToken(mfa_token, 'mfa', this.trust, visitor);
    // Thrown after the commit: inside, the count of wrong codes would be rolled back with it.
    const opened = await this.database.inTransaction((manager) => this.answer(manager, claims, code, visitor));
    if (!opened) throw wrongCode();
    return this.tokens.issue(opened, visitor.fingerprint);
  }

  private async answer(
    manager: EntityManager,
    { uid, jti }: MfaClaims,
    code: string,
    visitor: Visitor,
  ): Promise<Opened | null> {
    await this.store.lock(manager, uid);
    if (!(await this.challenges.isOpen(manager, jti, uid))) throw new ApiError('UNAUTHENTICATED', 'Sign in again');
    const user = await this.accounts.active(uid, manager);
    // Turned off since the password was right: that was the whole proof.
    const proof = user.mfaEnabled ? await this.checker.weigh(manager, user, code) : 'password';
    if (proof === null) {
      await this.challenges.fail(manager, jti);
      await this.trail.record(manager, bySomebody('mfa.failed', uid, visitor));
      return null;
    }
    await this.challenges.close(manager, jti);
    return this.opener.open(manager, user, visitor, proof);
  }
}
