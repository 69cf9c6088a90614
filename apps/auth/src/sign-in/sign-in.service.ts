import { Injectable } from '@nestjs/common';
import type { LoginDto, MfaRequiredDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import type { UserEntity } from '../accounts/user.entity';
import { ChallengeStore } from '../mfa/challenge.store';
import { PasswordCheck } from './password-check';
import { SessionOpener } from './session.opener';
import { TokenIssuer } from './token.issuer';

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
  async login({ email, password }: LoginDto): Promise<TokenPairDto | MfaRequiredDto> {
    const user = await this.passwords.byAddress(email, password);
    return user.mfaEnabled ? this.askForCode(user) : this.open(user);
  }

  private async askForCode(user: UserEntity): Promise<MfaRequiredDto> {
    const challenge = await this.database.inTransaction((manager) => this.challenges.open(manager, user.id));
    return { mfa_required: true, mfa_token: await this.tokens.issueChallenge(user, challenge) };
  }

  private async open(user: UserEntity): Promise<TokenPairDto> {
    const opened = await this.database.inTransaction((manager) => this.opener.open(manager, user));
    return this.tokens.issue(opened);
  }
}
