import {
  ACCESS_TOKEN_SECONDS,
  accessClaimsSchema,
  MFA_TOKEN_SECONDS,
  mfaClaimsSchema,
  REFRESH_TOKEN_SECONDS,
  refreshClaimsSchema,
  type AccessClaims,
  type MfaClaims,
  type RefreshClaims,
} from '@gpubroker/contracts/auth';
import { decodeProtectedHeader, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isApiError } from '../errors/api-error';
import { assertBound } from './client-binding';
import type { AccessChangeSource } from './access-change.feed';
import type { ExternalIdentities } from './external-identities';
import type { RevocationList } from './revocation-list';
import { expiredToken, invalidToken } from './token-error';
import type { VerificationKeys } from './verification-keys';

/** What a process believes: whose tokens, for whom, by which algorithms, under which keys. */
export interface TokenTrust {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly keys: VerificationKeys;
  /** Tokens of the further issuers; without it there are none. */
  readonly external?: ExternalIdentities;
  /** What was taken back before it ran out. */
  readonly revocations?: RevocationList;
  /** Where that is heard. */
  readonly accessChanges?: AccessChangeSource;
}

export interface ClaimsOf {
  access: AccessClaims;
  refresh: RefreshClaims;
  mfa: MfaClaims;
}
export type TokenKind = keyof ClaimsOf;

/** The `typ` of each kind's header: checked before any claim, so that no kind passes for another (RFC 8725 3.11). */
export const TOKEN_TYPES: Readonly<Record<TokenKind, string>> = { access: 'at+jwt', refresh: 'rt+jwt', mfa: 'mfa+jwt' };

const SCHEMAS = { access: accessClaimsSchema, refresh: refreshClaimsSchema, mfa: mfaClaimsSchema };
const LIFETIMES: Readonly<Record<TokenKind, number>> = {
  access: ACCESS_TOKEN_SECONDS,
  refresh: REFRESH_TOKEN_SECONDS,
  mfa: MFA_TOKEN_SECONDS,
};
const REQUIRED = ['sub', 'iss', 'aud', 'exp', 'iat', 'jti'];
const MAX_LENGTH = 8192;
/** Between two machines' clocks; a token may outlive its exp by this much. */
const CLOCK_TOLERANCE_SECONDS = 2;

/** `jwk`, `jku`, `x5u`, `crit` and the like have no business in our tokens: whoever sends one brings a key along. */
const headerSchema = z.strictObject({ alg: z.string(), kid: z.string().min(1).max(200), typ: z.string() });

/** What came beside the token. */
export interface TokenCircumstances {
  /** The client's fingerprint; a token that is bound to one is refused with another and without. */
  readonly fingerprint?: string | undefined;
  /** In ms; for tests. */
  readonly now?: number;
}

/**
 * The one place where a token is believed: gateway, services and sockets all come here.
 * @throws ApiError TOKEN_EXPIRED, UNAUTHENTICATED, or SERVICE_UNAVAILABLE when no key can be had
 */
export async function verifyToken<Kind extends TokenKind>(
  token: string,
  kind: Kind,
  trust: TokenTrust,
  { fingerprint, now = Date.now() }: TokenCircumstances = {},
): Promise<ClaimsOf[Kind]> {
  try {
    if (token.length > MAX_LENGTH) throw invalidToken();
    if (kind === 'access' && trust.external?.isFromListed(token))
      return (await verifyExternal(token, trust, trust.external, now)) as ClaimsOf[Kind];
    headerSchema.parse(decodeProtectedHeader(token));
    const { payload } = await jwtVerify(token, keyGetter(trust), {
      algorithms: [...trust.algorithms],
      issuer: trust.issuer,
      audience: trust.audience,
      typ: TOKEN_TYPES[kind],
      requiredClaims: REQUIRED,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      // Also makes an iat in the future an error, which jose leaves alone without it.
      maxTokenAge: LIFETIMES[kind] + CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now),
    });
    assertWrittenByUs(token);
    const claims = SCHEMAS[kind].parse(payload);
    if (claims.exp - claims.iat > LIFETIMES[kind]) throw invalidToken();
    assertBound(claims, fingerprint);
    if (claims.type === 'access' && trust.revocations?.isRevoked(claims)) throw invalidToken();
    return claims as ClaimsOf[Kind];
  } catch (error) {
    if (isApiError(error)) throw error;
    throw error instanceof errors.JWTExpired ? expiredToken() : invalidToken(error);
  }
}

async function verifyExternal(
  token: string,
  { issuer, revocations }: TokenTrust,
  external: ExternalIdentities,
  now: number,
): Promise<AccessClaims> {
  const claims = await external.claimsOf(token, now);
  // Who is listed under our own name must not sign for us.
  if (claims.iss === issuer || revocations?.isRevoked(claims)) throw invalidToken();
  return claims;
}

function keyGetter({ keys }: TokenTrust): JWTVerifyGetKey {
  return async ({ alg, kid }) => {
    const found = await keys.find(kid ?? '');
    if (found?.algorithm !== alg) throw invalidToken();
    return found.key;
  };
}

/** Parsers differ on a member that comes twice. Our signer writes each once, and no blanks: anything else is not its work. */
function assertWrittenByUs(token: string): void {
  for (const part of token.split('.').slice(0, 2)) {
    const text = Buffer.from(part, 'base64url').toString('utf8');
    if (JSON.stringify(JSON.parse(text)) !== text) throw invalidToken();
  }
}
