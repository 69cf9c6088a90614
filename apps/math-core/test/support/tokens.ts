import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { Role } from '@gpubroker/contracts/auth';
import { keyIdOf, TOKEN_TYPES } from '@gpubroker/platform/auth';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const HEADER = { alg: 'RS256', kid: keyIdOf(publicKey), typ: TOKEN_TYPES.access };

/** The key that the services of these tests believe. */
export const PUBLIC_PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();

export interface TokenOptions {
  readonly roles?: readonly Role[];
  readonly uid?: string;
  readonly tenantId?: string;
  /** Seconds from now until it ends. */
  readonly expiresIn?: number;
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** An access token as auth signs them. */
export function tokenOf({ roles = ['user'], uid, tenantId, expiresIn = 900 }: TokenOptions = {}): string {
  const exp = Math.floor(Date.now() / 1_000) + expiresIn;
  const claims = {
    ...{ sub: 'ada@example.org', iss: 'gpubroker', aud: 'gpubroker-api', type: 'access', plan: 'free' },
    ...{ uid: uid ?? randomUUID(), sid: randomUUID(), jti: randomUUID(), tenant_id: tenantId ?? randomUUID() },
    ...{ iat: exp - 900, exp, roles },
  };
  const signed = `${encode(HEADER)}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}
