import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ACCESS_TOKEN_SECONDS, REFRESH_TOKEN_SECONDS, type TokenPairDto } from '@gpubroker/contracts/auth';
import { TOKEN_TYPES, type TokenKind } from '@gpubroker/platform/auth';
import { SignJWT } from 'jose';
import { rolesOf, type Member } from '../accounts/account';
import { AuthConfig } from '../auth.config';
import { SigningKeys } from '../keys/signing-keys';

/** Writes and signs the tokens; what may be believed of them is in platform's verifyToken. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly config: AuthConfig,
    private readonly keys: SigningKeys,
  ) {}

  /**
   * @param sid the session
   * @param refreshId jti of the refresh token, as the table knows it
   */
  async issue(user: Member, sid: string, refreshId: string): Promise<TokenPairDto> {
    const everyToken = { sub: user.email, uid: user.id, sid };
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

  private sign(kind: TokenKind, claims: Record<string, unknown>, seconds: number): Promise<string> {
    const { kid, algorithm, privateKey } = this.keys.current;
    const iat = Math.floor(Date.now() / 1000);
    return new SignJWT({ ...claims, iss: this.config.issuer, aud: this.config.audience, iat, exp: iat + seconds })
      .setProtectedHeader({ alg: algorithm, kid, typ: TOKEN_TYPES[kind] })
      .sign(privateKey);
  }
}
