import { createHash } from 'node:crypto';
import { isEmulatorKey } from '../api-key';
import type { CloudRequest } from '../emulated-cloud';

const MEMBER = /(\w+)="([^"]*)"/g;
const ALWAYS_SIGNED = ['date', '(request-target)', 'host'];
const SIGNED_WITH_BODY = ['content-length', 'content-type', 'x-content-sha256'];
const MOST_SKEW_MS = 5 * 60_000;

/**
 * Who signed the request: tenancy, user and key; null when the signature is not of the form that Oracle demands. Whether the
 * tenant's key really made it cannot be told here, as nobody has uploaded one.
 */
export function signerOf(request: CloudRequest, now: number): string | null {
  const header = request.headers['authorization'] ?? '';
  if (!header.startsWith('Signature ')) return null;
  const members = new Map([...header.matchAll(MEMBER)].map(([, name = '', value = '']) => [name, value]));
  const keyId = members.get('keyId') ?? '';
  const [tenancy = '', user = '', fingerprint = ''] = keyId.split('/');
  if (!isEmulatorKey(tenancy) || user === '' || fingerprint === '') return null;
  if (members.get('version') !== '1' || members.get('algorithm') !== 'rsa-sha256') return null;
  const signed = (members.get('headers') ?? '').split(' ');
  const wanted = request.body === undefined ? ALWAYS_SIGNED : [...ALWAYS_SIGNED, ...SIGNED_WITH_BODY];
  if (!wanted.every((name) => signed.includes(name)) || (members.get('signature') ?? '') === '') return null;
  const skew = Math.abs(now - Date.parse(request.headers['date'] ?? ''));
  return skew <= MOST_SKEW_MS && hasDigestOfBody(request) ? keyId : null;
}

/** Compact JSON comes out of parsing and writing as it went in. */
function hasDigestOfBody({ body, headers }: CloudRequest): boolean {
  if (body === undefined) return true;
  return headers['x-content-sha256'] === createHash('sha256').update(JSON.stringify(body)).digest('base64');
}
