import { z } from 'zod';
import { PLANS } from './auth-terms';

/** Seconds that an access token lives, and a refresh token (SPEC A4). */
export const ACCESS_TOKEN_SECONDS = 900;
export const REFRESH_TOKEN_SECONDS = 604_800;
/** Seconds between the password and the second factor (SPEC A6). */
export const MFA_TOKEN_SECONDS = 300;

const everyToken = {
  /** E-mail address of the user. */
  sub: z.string().min(1),
  iss: z.string().min(1),
  aud: z.string().min(1),
  exp: z.int().positive(),
  iat: z.int().positive(),
  jti: z.string().min(1),
  /** Id of the user. */
  uid: z.uuid(),
  /** The session: one sign-in and all that was refreshed from it. */
  sid: z.uuid(),
  /** SHA-256 of the client's fingerprint, base64url: the token works only together with it. */
  fph: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
};

export const accessClaimsSchema = z.object({
  ...everyToken,
  type: z.literal('access'),
  tenant_id: z.uuid(),
  roles: z.array(z.string().min(1)),
  plan: z.enum(PLANS),
});

export const refreshClaimsSchema = z.object({ ...everyToken, type: z.literal('refresh') });

/** Says only that the password was right: `jti` is the one challenge that a code may answer. */
export const mfaClaimsSchema = z.object({ ...everyToken, type: z.literal('mfa') });

export type AccessClaims = z.infer<typeof accessClaimsSchema>;
export type RefreshClaims = z.infer<typeof refreshClaimsSchema>;
export type MfaClaims = z.infer<typeof mfaClaimsSchema>;
