import {
  ExternalIdentities,
  ExternalTokens,
  externalIssuersEnv,
  FixedKeys,
  toTokenTrust,
  tokenEnv,
  verifyToken,
  type ExternalIdentity,
  type TokenTrust,
} from '@gpubroker/platform/auth';
import { loadEnv } from '@gpubroker/platform/config';
import { LocalServer } from '@gpubroker/testing/local-server';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { z } from 'zod';

const ISSUER = 'https://front.example';
const GRACE: ExternalIdentity = {
  sub: 'grace@example.org',
  uid: 'c3a1c9de-0b7f-4f6e-9d62-2a64d1f0a0aa',
  tenant_id: '5c8f2a1e-1d9b-4a0c-8c75-9e6f0d4b3a22',
  roles: ['user'],
  plan: 'free',
};

describe('tokens of other issuers', () => {
  let server: LocalServer;
  let privateKey: CryptoKey;
  let ownKey: string;
  let url: string;
  /** What auth answers to the next questions, and how often it was asked. */
  let answer: { status: number; body: string };
  let questions = 0;

  beforeAll(async () => {
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    ({ privateKey } = pair);
    ownKey = await exportSPKI((await generateKeyPair('EdDSA', { extractable: true })).publicKey);
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'EdDSA' }];
    server = await LocalServer.start((request, response) => {
      if (request.url === '/jwks') return response.end(JSON.stringify({ keys }));
      questions += 1;
      response.statusCode = answer.status;
      return response.end(answer.body);
    });
    ({ url } = server);
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    answer = { status: 200, body: JSON.stringify(GRACE) };
    questions = 0;
  });

  const listed = (issuer: string = ISSUER) =>
    JSON.stringify([{ issuer, jwks_url: `${url}/jwks`, algorithms: ['EdDSA'] }]);
  const trust = (env: Record<string, string> = {}): TokenTrust =>
    toTokenTrust('tiny', {
      NODE_ENV: 'test',
      ...loadEnv('tiny', z.object(tokenEnv), { AUTH_URL: url, JWT_ISSUERS: listed(), ...env }),
    });
  const sign = (claims: Record<string, unknown> = {}): Promise<string> => {
    const iat = Math.floor(Date.now() / 1000);
    const all = { iss: ISSUER, sub: 'u', email: GRACE.sub, email_verified: true, iat, exp: iat + 600, ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: 'EdDSA', kid: 'k' }).sign(privateKey);
  };

  it('say what auth says of the address, under one session for one token', async () => {
    const token = await sign({ jti: 'one' });
    const claims = await verifyToken(token, 'access', trust());
    expect(claims).toMatchObject({ ...GRACE, type: 'access', iss: ISSUER, aud: 'gpubroker-api' });
    expect((await verifyToken(token, 'access', trust())).sid).toBe(claims.sid);
    expect((await verifyToken(await sign({ jti: 'two' }), 'access', trust())).sid).not.toBe(claims.sid);
  });

  it('are asked about once in half a minute', async () => {
    const believed = trust();
    const token = await sign();
    for (let time = 0; time < 5; time += 1) await verifyToken(token, 'access', believed);
    expect(questions).toBe(1);
  });

  it.each([
    [401, '{}', 'UNAUTHENTICATED'],
    [503, '{}', 'SERVICE_UNAVAILABLE'],
    [200, 'nonsense', 'UNAUTHENTICATED'],
    [200, '{}', 'UNAUTHENTICATED'],
  ])('are not believed when auth answers %d %s', async (status, body, code) => {
    answer = { status, body };
    await expect(verifyToken(await sign(), 'access', trust())).rejects.toMatchObject({ code });
  });

  it('are 503 and not 401 while auth cannot be reached', async () => {
    await expect(verifyToken(await sign(), 'access', trust({ AUTH_URL: 'http://127.0.0.1:9' }))).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });

  it('can be taken back like ours', async () => {
    const believed = trust();
    const token = await sign();
    const { sid, uid } = await verifyToken(token, 'access', believed);
    believed.revocations?.note({ kind: 'session_ended', session_id: sid, user_id: uid, at: new Date().toISOString() });
    await expect(verifyToken(token, 'access', believed)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each<[string, Record<string, unknown>]>([
    ['with an address that nobody verified', { email_verified: undefined }],
    ['of an issuer that is not listed', { iss: 'https://elsewhere.example' }],
    ['that lives longer than a day', { exp: Math.floor(Date.now() / 1000) + 90_000 }],
  ])('are refused %s, and nobody is asked', async (_what, claims) => {
    await expect(verifyToken(await sign(claims), 'access', trust())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(questions).toBe(0);
  });

  it('are no refresh tokens', async () => {
    await expect(verifyToken(await sign(), 'refresh', trust())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('never speak in our own name', async () => {
    const token = await sign({ iss: 'gpubroker' });
    await expect(verifyToken(token, 'access', trust({ JWT_ISSUERS: listed('gpubroker') }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('need a user directory only where an issuer is listed', () => {
    const none = new ExternalIdentities(new ExternalTokens([]), { find: () => Promise.resolve(GRACE) }, 'a');
    expect(none.isFromListed('x.y.z')).toBe(false);
    const production = (env: Record<string, string>) =>
      toTokenTrust('tiny', {
        NODE_ENV: 'production',
        ...loadEnv('tiny', z.object(tokenEnv), { JWT_PUBLIC_KEY: ownKey, ...env }),
      });
    expect(production({}).keys).toBeInstanceOf(FixedKeys);
    expect(() => production({ JWT_ISSUERS: listed() })).toThrow(/AUTH_URL/);
  });

  it.each(['x', '{}', '[{"issuer": "a"}]'])('are not configured by %s', (JWT_ISSUERS) => {
    expect(() => loadEnv('tiny', z.object(externalIssuersEnv), { JWT_ISSUERS })).toThrow(/JWT_ISSUERS/);
  });

  it('come from each issuer once', () => {
    const [one] = JSON.parse(listed()) as unknown[];
    const JWT_ISSUERS = JSON.stringify([one, one]);
    expect(() => loadEnv('tiny', z.object(externalIssuersEnv), { JWT_ISSUERS })).toThrow(/JWT_ISSUERS/);
  });
});
