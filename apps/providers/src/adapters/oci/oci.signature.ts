import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';

export interface OciIdentity {
  readonly tenancy: string;
  readonly user: string;
  readonly fingerprint: string;
  readonly key: KeyObject;
}

/** @param pem PKCS#1 or PKCS#8; line ends may be written as \n, as environment variables often have them */
export function readPrivateKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
    return key.asymmetricKeyType === 'rsa' ? key : null;
  } catch {
    // The message may quote the key.
    return null;
  }
}

/**
 * Headers that sign a request as Oracle's signature version 1 has it (draft-cavage-http-signatures-08, RSA-SHA256). A body
 * is signed by its digest, so it must be sent exactly as given here.
 */
export function signedHeaders(
  { tenancy, user, fingerprint, key }: OciIdentity,
  request: { readonly method: string; readonly url: string; readonly body?: string; readonly now: Date },
): Record<string, string> {
  const { host, pathname, search } = new URL(request.url);
  const signed: Record<string, string> = {
    date: request.now.toUTCString(),
    '(request-target)': `${request.method.toLowerCase()} ${pathname}${search}`,
    host,
    ...(request.body === undefined ? {} : bodyHeaders(request.body)),
  };
  const signingString = Object.entries(signed)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
  const signature = sign('sha256', Buffer.from(signingString), key).toString('base64');
  const { '(request-target)': _target, host: _host, ...sent } = signed;
  return {
    ...sent,
    authorization:
      `Signature version="1",keyId="${tenancy}/${user}/${fingerprint}",algorithm="rsa-sha256",` +
      `headers="${Object.keys(signed).join(' ')}",signature="${signature}"`,
  };
}

function bodyHeaders(body: string): Record<string, string> {
  return {
    'content-length': String(Buffer.byteLength(body)),
    'content-type': 'application/json',
    'x-content-sha256': createHash('sha256').update(body).digest('base64'),
  };
}
