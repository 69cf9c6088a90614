import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** A public key and the one algorithm it is for: without the pairing, an RSA key would also serve PS256 or HS256 tokens. */
export interface VerificationKey {
  readonly algorithm: string;
  readonly key: KeyObject;
}

/** Where the verifier finds the key that a token names. */
export interface VerificationKeys {
  /** @throws ApiError SERVICE_UNAVAILABLE when no key could be had yet, so that nobody is signed out by it */
  find(kid: string): Promise<VerificationKey | null>;
}

const jwkSchema = z.looseObject({
  kid: z.string().min(1).max(200),
  alg: z.string().min(1),
  kty: z.enum(['RSA', 'OKP', 'EC']),
  use: z.literal('sig').optional(),
});

const jwksSchema = z.object({ keys: z.array(z.unknown()).max(50) });
const LEAST_RSA_BITS = 2048;

/**
 * Keys of a JWKS document by kid; entries that are no usable signature key are left out.
 * @throws ZodError when the document is no JWKS at all
 */
export function keysOfJwks(document: unknown): Map<string, VerificationKey> {
  const found = new Map<string, VerificationKey>();
  for (const entry of jwksSchema.parse(document).keys) {
    const jwk = jwkSchema.safeParse(entry);
    const key = jwk.success ? publicKeyOf(jwk.data) : null;
    if (jwk.success && key) found.set(jwk.data.kid, { algorithm: jwk.data.alg, key });
  }
  return found;
}

function publicKeyOf(jwk: z.infer<typeof jwkSchema>): KeyObject | null {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const tooShort = jwk.kty === 'RSA' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS;
    return tooShort ? null : key;
  } catch {
    return null;
  }
}
