import { createHash, type KeyObject } from 'node:crypto';

/** RFC 7638 members, in the order that the RFC hashes them. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['e', 'kty', 'n'],
  OKP: ['crv', 'kty', 'x'],
  EC: ['crv', 'kty', 'x', 'y'],
};

/** RFC 7638 thumbprint: signer and verifiers come to the same kid without agreeing on one. */
export function keyIdOf(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' }) as Record<string, unknown>;
  const members = MEMBERS[String(jwk.kty)] ?? [];
  const text = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])));
  return createHash('sha256').update(text).digest('base64url');
}
