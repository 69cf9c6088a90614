import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { FixedKeys, keyIdOf, TOKEN_TYPES, type TokenKind, type TokenTrust } from '@gpubroker/platform/auth';
import { SignJWT } from 'jose';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const PUBLIC_PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();
export const KEYS = { privateKey, publicKey, kid: keyIdOf(publicKey) };

export const TRUST: TokenTrust = {
  issuer: 'gpubroker',
  audience: 'gpubroker-api',
  algorithms: ['RS256'],
  keys: new FixedKeys(PUBLIC_PEM, 'RS256'),
};

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

export function claimsOf(kind: TokenKind = 'access'): Record<string, unknown> {
  const iat = nowInSeconds();
  const every = {
    sub: 'ada@example.org',
    uid: randomUUID(),
    sid: randomUUID(),
    type: kind,
    iss: 'gpubroker',
    aud: 'gpubroker-api',
    jti: randomUUID(),
    iat,
  };
  return kind === 'access'
    ? { ...every, exp: iat + 900, tenant_id: randomUUID(), roles: ['user'], plan: 'free' }
    : { ...every, exp: iat + 604_800 };
}

export interface Forgery {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: KeyObject | Uint8Array;
}

/** A token signed by the trusted key unless told otherwise; `undefined` in a change takes the member out. */
export function sign(
  { claims = {}, header = {}, key = privateKey }: Forgery = {},
  kind: TokenKind = 'access',
): Promise<string> {
  const payload = present({ ...claimsOf(kind), ...claims });
  const protectedHeader = present({ alg: 'RS256', kid: KEYS.kid, typ: TOKEN_TYPES[kind], ...header });
  return new SignJWT(payload).setProtectedHeader(protectedHeader as { alg: string }).sign(key);
}

function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
