import { createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { FixedKeys, keyIdOf, TOKEN_TYPES, type TokenKind, type TokenTrust } from '@gpubroker/platform/auth';
import { SignJWT } from 'jose';

export interface SignerOptions {
  readonly issuer?: string;
  readonly audience?: string;
}

/** What a test wants to be other than it should; `undefined` takes the member out. */
export interface Forgery {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: KeyObject | Uint8Array;
}

/** Signs tokens as auth does, with an RS256 key of the test's own or with the key of a running auth. */
export class TokenSigner {
  readonly publicKey: KeyObject;
  readonly publicPem: string;
  readonly kid: string;
  private readonly issuer: string;
  private readonly audience: string;

  constructor(
    readonly privateKey: KeyObject,
    { issuer = 'gpubroker', audience = 'gpubroker-api' }: SignerOptions = {},
  ) {
    this.publicKey = createPublicKey(privateKey);
    this.publicPem = this.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    this.kid = keyIdOf(this.publicKey);
    this.issuer = issuer;
    this.audience = audience;
  }

  static withNewKey(options: SignerOptions = {}): TokenSigner {
    return new TokenSigner(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, options);
  }

  /** What a service believes that trusts this key alone. */
  get trust(): TokenTrust {
    const keys = new FixedKeys(this.publicPem, 'RS256');
    return { issuer: this.issuer, audience: this.audience, algorithms: ['RS256'], keys };
  }

  /** JWT_PUBLIC_KEY, on one line as environments hold it. */
  get env(): { JWT_PUBLIC_KEY: string } {
    return { JWT_PUBLIC_KEY: this.publicPem.replaceAll('\n', '\\n') };
  }

  claims(kind: TokenKind = 'access'): Record<string, unknown> {
    const iat = Math.floor(Date.now() / 1000);
    const every = {
      sub: 'ada@example.org',
      uid: randomUUID(),
      sid: randomUUID(),
      type: kind,
      iss: this.issuer,
      aud: this.audience,
      jti: randomUUID(),
      iat,
    };
    return kind === 'access'
      ? { ...every, exp: iat + 900, tenant_id: randomUUID(), roles: ['user'], plan: 'free' }
      : { ...every, exp: iat + 604_800 };
  }

  sign({ claims = {}, header = {}, key = this.privateKey }: Forgery = {}, kind: TokenKind = 'access'): Promise<string> {
    const payload = present({ ...this.claims(kind), ...claims });
    const protectedHeader = present({ alg: 'RS256', kid: this.kid, typ: TOKEN_TYPES[kind], ...header });
    return new SignJWT(payload).setProtectedHeader(protectedHeader as { alg: string }).sign(key);
  }
}

function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
