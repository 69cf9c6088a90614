import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  ACCESS_TOKEN_SECONDS,
  MFA_TOKEN_SECONDS,
  REFRESH_TOKEN_SECONDS,
  type TokenPairDto,
} from '@gpubroker/contracts/auth';
import { bindingOf, TOKEN_TYPES, type TokenKind } from '@gpubroker/platform/auth';
import { SignJWT } from 'jose';
import { rolesOf } from '../accounts/account';
import type { UserEntity } from '../accounts/user.entity';
import { AuthConfig } from '../auth.config';
import { SigningKeys } from '../keys/signing-keys';
import type { Opened } from './session.opener';

/** Writes and signs the tokens; what may be believed of them is in platform's verifyToken. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly config: AuthConfig,
    private readonly keys: SigningKeys,
  ) {}

  /**
   * The pair of a session; `refreshId` becomes the jti of its refresh token.
   * @param fingerprint both work only together with it; undefined binds to nothing
   */
  async issue({ member: user, sid, refreshId }: Opened, fingerprint: string | undefined): Promise<TokenPairDto> {
    const everyToken = { sub: user.email, uid: user.id, sid, ...boundTo(fingerprint) };
    const access = {
      ...everyToken,
      type: 'access',
      jti: randomUUID(),
      tenant_id: user.tenantId,
      roles: rolesOf(user),
      plan: user.tenant.plan,
    };
    const refresh = { ...everyToken, type: 'refresh', jti: refreshId };
    const [access_token, refresh_token] = await Promise.all([
      this.sign('access', access, ACCESS_TOKEN_SECONDS),
      this.sign('refresh', refresh, REFRESH_TOKEN_SECONDS),
    ]);
    return { access_token, refresh_token, token_type: 'bearer', expires_in: ACCESS_TOKEN_SECONDS };
  }

  /** @param challenge becomes the jti; the sid is nobody's, there is no session yet */
  issueChallenge(user: UserEntity, challenge: string, fingerprint: string | undefined): Promise<string> {
    const everyToken = { sub: user.email, uid: user.id, sid: randomUUID(), ...boundTo(fingerprint) };
    const claims = { ...everyToken, type: 'mfa', jti: challenge };
    return this.sign('mfa', claims, MFA_TOKEN_SECONDS);
  }

  private sign(kind: TokenKind, claims: Record<string, unknown>, seconds: number): Promise<string> {
    const { kid, algorithm, privateKey } = this.keys.current;
    const iat = Math.floor(Date.now() / 1000);
    return new SignJWT({ ...claims, iss: this.config.issuer, aud: this.config.audience, iat, exp: iat + seconds })
      .setProtectedHeader({ alg: algorithm, kid, typ: TOKEN_TYPES[kind] })
      .sign(privateKey);
  }
}

const boundTo = (fingerprint: string | undefined): { fph?: string } =>
  fingerprint === undefined ? {} : { fph: bindingOf(fingerprint) };
