import { Injectable } from '@nestjs/common';
import type { LoginDto, MfaRequiredDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import type { UserEntity } from '../accounts/user.entity';
import { ChallengeStore } from '../mfa/challenge.store';
import { PasswordCheck } from './password-check';
import { SessionOpener } from './session.opener';
import { TokenIssuer } from './token.issuer';
import type { Visitor } from './visitor';

@Injectable()
export class SignInService {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordCheck,
    private readonly challenges: ChallengeStore,
    private readonly opener: SessionOpener,
    private readonly tokens: TokenIssuer,
  ) {}

  /** @throws ApiError UNAUTHENTICATED, the same for every reason; RATE_LIMITED; SERVICE_UNAVAILABLE under a flood */
  async login({ email, password }: LoginDto, visitor: Visitor): Promise<TokenPairDto | MfaRequiredDto> {
    const user = await this.passwords.byAddress(email, password, visitor);
    return user.mfaEnabled ? this.askForCode(user, visitor) : this.open(user, visitor);
  }

  private async askForCode(user: UserEntity, { fingerprint }: Visitor): Promise<MfaRequiredDto> {
    const challenge = await this.database.inTransaction((manager) => this.challenges.open(manager, user.id));
    return { mfa_required: true, mfa_token: await this.tokens.issueChallenge(user, challenge, fingerprint) };
  }

  private async open(user: UserEntity, visitor: Visitor): Promise<TokenPairDto> {
    const opened = await this.database.inTransaction((manager) => this.opener.open(manager, user, visitor, 'password'));
    return this.tokens.issue(opened, visitor.fingerprint);
  }
}
