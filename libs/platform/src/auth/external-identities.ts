import { createHash } from 'node:crypto';
import { accessClaimsSchema, type AccessClaims } from '@gpubroker/contracts/auth';
import { z } from 'zod';
import { ApiError } from '../errors/api-error';
import type { ExternalToken, ExternalTokens } from './external-tokens';
import { invalidToken } from './token-error';

/** Who a person of another issuer is here. */
const externalIdentitySchema = accessClaimsSchema.pick({
  sub: true,
  uid: true,
  tenant_id: true,
  roles: true,
  plan: true,
});
export type ExternalIdentity = z.infer<typeof externalIdentitySchema>;

/** Where the users are: in auth its own table, everywhere else auth. */
export interface ExternalDirectory {
  /** @throws ApiError UNAUTHENTICATED for somebody whom nobody knows, SERVICE_UNAVAILABLE when it cannot be said now */
  find(token: string, verified: ExternalToken): Promise<ExternalIdentity>;
}

/** Tokens of other issuers, believed where they are verified and turned into what our own would say. */
export class ExternalIdentities {
  constructor(
    private readonly tokens: ExternalTokens,
    private readonly directory: ExternalDirectory,
    private readonly audience: string,
  ) {}

  isFromListed(token: string): boolean {
    return this.tokens.isFromListed(token);
  }

  async claimsOf(token: string, now: number): Promise<AccessClaims> {
    const verified = await this.tokens.verify(token, now);
    const identity = await this.directory.find(token, verified);
    const { issuer, iat, exp, sessionId } = verified;
    return { ...identity, type: 'access', iss: issuer, aud: this.audience, iat, exp, jti: sessionId, sid: sessionId };
  }
}

interface Kept {
  readonly identity: ExternalIdentity;
  readonly until: number;
}

/** A change of role or tenant that no event told of is seen after this long. */
const KEPT_MS = 30_000;
const MOST_KEPT = 10_000;
const TIMEOUT_MS = 2_000;
const MAX_BYTES = 65_536;

/** Asks auth, which verifies the token once more, and keeps the answer for half a minute. */
export class AuthDirectory implements ExternalDirectory {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly url: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async find(token: string): Promise<ExternalIdentity> {
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.kept.get(key);
    if (known && known.until > this.now()) return known.identity;
    const identity = await this.ask(token);
    this.kept.delete(key);
    if (this.kept.size >= MOST_KEPT) this.kept.delete(this.kept.keys().next().value ?? '');
    this.kept.set(key, { identity, until: this.now() + KEPT_MS });
    return identity;
  }

  private async ask(token: string): Promise<ExternalIdentity> {
    const response = await this.send(token);
    if (response.status === 401) throw invalidToken();
    if (response.status !== 200) throw unavailable(response.status);
    return externalIdentitySchema.parse(JSON.parse(response.text));
  }

  private async send(token: string): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(this.url, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      return { status: response.status, text: text.length > MAX_BYTES ? '' : text };
    } catch (error) {
      throw unavailable(error);
    }
  }
}

const unavailable = (cause: unknown) =>
  new ApiError('SERVICE_UNAVAILABLE', 'Tokens of this issuer cannot be verified now', { cause });
