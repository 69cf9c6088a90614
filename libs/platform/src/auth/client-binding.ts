import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { invalidToken } from './token-error';

/** Whatever a client calls itself; who signs in with it gets tokens that work only with it (SPEC A7). */
export const FINGERPRINT_HEADER = 'x-client-fingerprint';

/** The header's value; undefined when it was not sent or is empty. */
export function fingerprintOf({ headers }: { readonly headers: IncomingHttpHeaders }): string | undefined {
  const value = headers[FINGERPRINT_HEADER];
  const text = Array.isArray(value) ? value.join(',') : value;
  return text === '' ? undefined : text;
}

/** What tokens carry as `fph`: SHA-256 in base64url, because a token can be read by whoever holds it. */
export const bindingOf = (fingerprint: string): string => createHash('sha256').update(fingerprint).digest('base64url');

/** @throws ApiError UNAUTHENTICATED for a bound token without its fingerprint (SPEC S7); an unbound one goes with any */
export function assertBound(claims: { readonly fph?: string | undefined }, fingerprint: string | undefined): void {
  if (claims.fph === undefined) return;
  if (fingerprint === undefined || bindingOf(fingerprint) !== claims.fph) throw invalidToken();
}
