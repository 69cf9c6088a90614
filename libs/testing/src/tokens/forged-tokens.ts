import { createHmac, createSign, generateKeyPairSync, sign as signBytes, type KeyObject } from 'node:crypto';
import type { TokenKind } from '@gpubroker/platform/auth';
import { exportJWK } from 'jose';
import type { Forgery, TokenSigner } from './token-signer';

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');

/** The forger's tools, around a signer whose key is trusted. */
function toolsOf(signer: TokenSigner) {
  const header = { alg: 'RS256', kid: signer.kid, typ: 'at+jwt' };
  return {
    header,
    sign: (forgery: Forgery = {}, kind: TokenKind = 'access') => signer.sign(forgery, kind),
    claimsOf: () => signer.claims(),
    /** Header and payload as they are, with a right RS256 signature over them: what only the holder of the key could make. */
    rawSigned: (head: string, payload: string): string => {
      const input = `${encode(head)}.${encode(payload)}`;
      return `${input}.${createSign('sha256').update(input).sign(signer.privateKey, 'base64url')}`;
    },
    hmac: (alg: 'HS256' | 'HS384' | 'HS512', secret: string | Buffer, change: object = {}): string => {
      const input = `${encode({ ...header, alg, ...change })}.${encode(signer.claims())}`;
      const mac = createHmac(`sha${alg.slice(2)}`, secret).update(input);
      return `${input}.${mac.digest('base64url')}`;
    },
    unsigned: (alg: unknown, signature = ''): string =>
      `${encode({ ...header, alg })}.${encode(signer.claims())}.${signature}`,
    otherKey: (alg: string, key: KeyObject, dsaEncoding?: 'ieee-p1363'): string => {
      const input = `${encode({ ...header, alg })}.${encode(signer.claims())}`;
      const digest = alg === 'EdDSA' ? null : 'sha256';
      return `${input}.${signBytes(digest, Buffer.from(input), dsaEncoding ? { key, dsaEncoding } : key).toString('base64url')}`;
    },
  };
}

/** Name → token; none of them may be believed anywhere. */
export async function forgedTokens(signer: TokenSigner): Promise<ReadonlyMap<string, string>> {
  const { header, sign, claimsOf, rawSigned, hmac, unsigned, otherKey } = toolsOf(signer);
  const good = await sign();
  const [head = '', body = '', signature = ''] = good.split('.');
  const jwk = await exportJWK(stranger.publicKey);
  const der = signer.publicKey.export({ type: 'spki', format: 'der' });
  const now = Math.floor(Date.now() / 1000);
  const payload = JSON.stringify(claimsOf());
  const forged = new Map<string, string>();
  const add = (name: string, token: string) => forged.set(name, token);

  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, 0, false, [], ['RS256'], {}])
    add(`alg ${JSON.stringify(alg)}, unsigned`, unsigned(alg));
  add('alg none, with our signature', unsigned('none', signature));
  add('no alg', `${encode({ kid: signer.kid, typ: 'at+jwt' })}.${body}.${signature}`);

  for (const alg of ['HS256', 'HS384', 'HS512'] as const) {
    add(`${alg} keyed with the PEM`, hmac(alg, signer.publicPem));
    add(`${alg} keyed with the PEM, trimmed`, hmac(alg, signer.publicPem.trim()));
    add(`${alg} keyed with the DER`, hmac(alg, der));
    add(`${alg} keyed with the JWK`, hmac(alg, JSON.stringify(signer.publicKey.export({ format: 'jwk' }))));
    add(`${alg} keyed with nothing`, hmac(alg, ''));
    add(`${alg} without kid`, hmac(alg, signer.publicPem, { kid: undefined }));
  }

  for (const kid of [
    '../../dev/null',
    "' or 1=1 --",
    'x'.repeat(10_000),
    'unknown',
    '',
    '__proto__',
    'constructor',
    '\u0000',
  ])
    add(`kid ${kid.slice(0, 20)}`, await sign({ header: { kid } }));
  add('no kid', await sign({ header: { kid: undefined } }));
  for (const kid of [1, null, [signer.kid], { a: 1 }])
    add(`kid ${JSON.stringify(kid).slice(0, 12)}`, rawSigned(JSON.stringify({ ...header, kid }), payload));

  const theirs = { key: stranger.privateKey };
  add("a stranger's key under our kid", await sign(theirs));
  add('jwk in the header', await sign({ ...theirs, header: { jwk } }));
  add('jku in the header', await sign({ ...theirs, header: { jku: 'http://127.0.0.1:9/jwks.json' } }));
  add('x5u in the header', await sign({ ...theirs, header: { x5u: 'http://127.0.0.1:9/cert' } }));
  add('x5c in the header', await sign({ ...theirs, header: { x5c: ['MIIB'] } }));
  add('a header that brings a key, rightly signed', await sign({ header: { jwk } }));
  add('crit of what nobody knows', rawSigned(JSON.stringify({ ...header, crit: ['x'], x: 1 }), payload));
  add('b64 false', rawSigned(JSON.stringify({ ...header, crit: ['b64'], b64: false }), payload));
  for (const alg of ['PS256', 'RS384', 'RS512', 'PS512']) add(`${alg} by our key`, await sign({ header: { alg } }));
  add('RS256 said, PS256 done', `${head}.${body}.${(await sign({ header: { alg: 'PS256' } })).split('.')[2] ?? ''}`);
  add('ES256', otherKey('ES256', curve.privateKey, 'ieee-p1363'));
  add('EdDSA', otherKey('EdDSA', edwards.privateKey));

  add('no signature', `${head}.${body}.`);
  add('two parts', `${head}.${body}`);
  add('four parts', `${good}.${signature}`);
  add('five parts', `${head}.${body}.${signature}.a.b`);
  add('empty', '');
  add('dots', '..');
  add('a signature of zeros', `${head}.${body}.${Buffer.alloc(256).toString('base64url')}`);
  add('half a signature', `${head}.${body}.${signature.slice(0, 170)}`);
  add("another token's signature", `${head}.${body}.${(await sign()).split('.')[2] ?? ''}`);
  add("another token's payload", `${head}.${encode(claimsOf())}.${signature}`);
  add('payload is no JSON', rawSigned(JSON.stringify(header), 'hello'));
  add('payload is a list', rawSigned(JSON.stringify(header), '[]'));
  add('payload is null', rawSigned(JSON.stringify(header), 'null'));
  add('header is no JSON', rawSigned('hello', payload));
  add('100 kB', await sign({ claims: { jti: 'x'.repeat(100_000) } }));

  for (const name of ['exp', 'iat', 'iss', 'aud', 'sub', 'jti', 'uid', 'sid', 'tenant_id', 'roles', 'plan', 'type'])
    add(`without ${name}`, await sign({ claims: { [name]: undefined } }));
  const wrong: Record<string, unknown[]> = {
    exp: [String(now + 900), (now + 900) * 1000, now - 10, now + 86_400, null, -1, 1e308, [now + 900]],
    iat: [now + 60, String(now), now - 3_600, null],
    nbf: [now + 60, 'now'],
    iss: ['gpubroker.evil', '', 'GPUBROKER', ['gpubroker'], null],
    aud: ['another-api', '', ['another-api'], null, { a: 'gpubroker-api' }],
    type: ['refresh', 'mfa', 'ticket', 'ACCESS', ''],
    uid: ['1', '', null],
    tenant_id: ['*', null],
    roles: ['admin', null, [1], { admin: true }],
    plan: ['unlimited', null],
    sub: ['', null, 7],
  };
  for (const [name, values] of Object.entries(wrong))
    for (const value of values)
      add(
        `${name} ${JSON.stringify(value)}`,
        rawSigned(JSON.stringify(header), JSON.stringify({ ...claimsOf(), [name]: value })),
      );
  for (const typ of ['rt+jwt', 'mfa+jwt', 'ticket+jwt', 'JWT', '', 'at+jwt\u0000'])
    add(`typ ${JSON.stringify(typ)}`, await sign({ header: { typ } }));
  add('no typ', await sign({ header: { typ: undefined } }));
  add('a refresh token', await sign({}, 'refresh'));
  add('a refresh token under the typ of an access token', await sign({ header: { typ: 'at+jwt' } }, 'refresh'));

  const twice = (member: string) => `${payload.slice(0, -1)},${member}}`;
  add('roles twice', rawSigned(JSON.stringify(header), twice('"roles":["admin"]')));
  add('exp twice', rawSigned(JSON.stringify(header), twice(`"exp":${now + 900}`)));
  add('alg twice', rawSigned(`{"alg":"none",${JSON.stringify(header).slice(1)}`, payload));
  return forged;
}
