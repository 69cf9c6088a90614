import { createHash } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { z } from 'zod';
import type { ExternalIssuerSettings } from './external-issuers.env';
import { JwksKeys } from './jwks.keys';
import { invalidToken } from './token-error';
import type { VerificationKeys } from './verification-keys';

/** What an issuer other than auth says of the bearer, its signature checked. */
export interface ExternalToken {
  readonly issuer: string;
  readonly email: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  /** The same for one token wherever it is verified, so that it can be taken back; a UUID like our sessions'. */
  readonly sessionId: string;
}

/** Between two machines' clocks. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** What lives longer was not made to be sent with every request. */
const LONGEST_LIFE_SECONDS = 86_400;

/** OpenID Connect says email_verified, Better Auth emailVerified; an address that nobody verified is anybody's. */
const claimsSchema = z
  .object({
    sub: z.string().min(1),
    iat: z.int().positive(),
    exp: z.int().positive(),
    jti: z.string().optional(),
    email: z.string().min(3).max(254),
    email_verified: z.literal(true).optional(),
    emailVerified: z.literal(true).optional(),
  })
  .refine((claims) => claims.email_verified === true || claims.emailVerified === true)
  .refine(({ iat, exp }) => exp - iat <= LONGEST_LIFE_SECONDS);

interface Issuer {
  readonly settings: ExternalIssuerSettings;
  readonly keys: VerificationKeys;
}

/** Tokens of the issuers that JWT_ISSUERS lists, and of no other (SPEC A5). */
export class ExternalTokens {
  private readonly issuers: ReadonlyMap<string, Issuer>;

  constructor(settings: readonly ExternalIssuerSettings[]) {
    this.issuers = new Map(
      settings.map((each) => [each.issuer, { settings: each, keys: new JwksKeys(each.jwks_url) }] as const),
    );
  }

  /** Says only whom to ask: nothing of the token is believed yet. */
  isFromListed(token: string): boolean {
    return this.issuers.size > 0 && this.issuerOf(token) !== undefined;
  }

  /** @throws ApiError SERVICE_UNAVAILABLE when the issuer's keys cannot be had; whatever jose throws for a bad token */
  async verify(token: string, now: number): Promise<ExternalToken> {
    const issuer = this.issuerOf(token);
    if (!issuer) throw invalidToken();
    const { settings, keys } = issuer;
    const { payload } = await jwtVerify(
      token,
      async ({ alg, kid }) => {
        const found = await keys.find(kid ?? '');
        if (found?.algorithm !== alg) throw invalidToken();
        return found.key;
      },
      {
        algorithms: [...settings.algorithms],
        issuer: settings.issuer,
        ...(settings.audience !== undefined && { audience: settings.audience }),
        requiredClaims: ['sub', 'exp', 'iat'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        maxTokenAge: LONGEST_LIFE_SECONDS,
        currentDate: new Date(now),
      },
    );
    const { email, iat, exp, jti } = claimsSchema.parse(payload);
    return { issuer: settings.issuer, email, iat, exp, sessionId: sessionIdOf(settings.issuer, jti ?? token) };
  }

  private issuerOf(token: string): Issuer | undefined {
    try {
      return this.issuers.get(decodeJwt(token).iss ?? '');
    } catch {
      return undefined;
    }
  }
}

/** RFC 9562, version 8. */
function sessionIdOf(issuer: string, tokenId: string): string {
  const hash = createHash('sha256').update(issuer).update('\n').update(tokenId).digest();
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
