import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IdentityDto } from '@gpubroker/contracts/auth';
import { toTokenTrust, tokenEnv, verifyToken } from '@gpubroker/platform/auth';
import { loadEnv } from '@gpubroker/platform/config';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { z } from 'zod';
import { authService } from '../src/index';
import { startAuth, type RunningAuth } from './support/running-auth';

const ISSUER = 'https://front.example';
const EMAIL = 'grace@example.org';

/** Another issuer with EdDSA keys of its own, as the earlier frontend was one. */
class OtherIssuer {
  private constructor(
    private readonly server: Server,
    private readonly privateKey: CryptoKey,
    private readonly keys: JWK[],
  ) {}

  static async start(): Promise<OtherIssuer> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'other-1', alg: 'EdDSA' }];
    const server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OtherIssuer(server, privateKey, keys);
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks`;
  }

  sign(claims: Record<string, unknown> = {}, seconds = 600): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: ISSUER,
      aud: 'gpubroker',
      sub: 'u-1',
      email: EMAIL,
      email_verified: true,
      iat,
      exp: iat + seconds,
      ...claims,
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.keys[0]?.kid ?? '' })
      .sign(this.privateKey);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

describe('a listed issuer', () => {
  let other: OtherIssuer;
  let database: FreshDatabase;
  let auth: RunningAuth;
  let issuers: string;

  beforeAll(async () => {
    other = await OtherIssuer.start();
    database = await freshDatabase();
    issuers = JSON.stringify([
      { issuer: ISSUER, jwks_url: other.jwksUrl, algorithms: ['EdDSA'], audience: 'gpubroker' },
    ]);
    auth = await startAuth({ database, env: { JWT_ISSUERS: issuers } });
    await auth.register(EMAIL);
  });
  afterAll(async () => {
    await auth.stop();
    await database.drop();
    await other.stop();
  });

  const identity = (token: string, at: RunningAuth = auth) => at.get<IdentityDto>('/api/v2/auth/identity', token);
  /** What every other service believes by. */
  const trustElsewhere = (env: Record<string, string> = {}) =>
    toTokenTrust('elsewhere', {
      NODE_ENV: 'test',
      ...loadEnv('elsewhere', z.object(tokenEnv), { AUTH_URL: auth.service.url, JWT_ISSUERS: issuers, ...env }),
    });

  it('is believed at auth: its token stands for the user with the verified address, in any case', async () => {
    const { status, body } = await identity(await other.sign({ email: 'Grace@Example.org' }));
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ sub: EMAIL, roles: ['tenant_admin'], plan: 'free', uid: expect.any(String) }),
    ]);
    expect((await auth.get('/api/v2/auth/me', await other.sign())).status).toBe(200);
  });

  it('is believed as the earlier frontend wrote it, and is on record once', async () => {
    const token = await other.sign({ email_verified: undefined, emailVerified: true, jti: 'once' });
    for (let time = 0; time < 3; time += 1) expect((await identity(token)).status).toBe(200);
    const entries = await auth.sql("SELECT details FROM audit_logs WHERE action = 'session.accepted'");
    expect(entries.filter(Boolean).length).toBeGreaterThan(0);
    expect(entries[0]).toEqual({ details: { issuer: ISSUER } });
  });

  it('is believed in every other service, which asks auth whose the token is', async () => {
    const claims = await verifyToken(await other.sign(), 'access', trustElsewhere());
    expect(claims).toMatchObject({ sub: EMAIL, type: 'access', iss: ISSUER, roles: ['tenant_admin'] });
    await expect(verifyToken(await other.sign({ email: 'x@example.org' }), 'access', trustElsewhere())).rejects.toThrow(
      'Sign in',
    );
  });

  it('cannot be asked about while auth is away: that is not the fault of the token', async () => {
    const trust = trustElsewhere({ AUTH_URL: 'http://127.0.0.1:9' });
    await expect(verifyToken(await other.sign(), 'access', trust)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });

  it('is refused everywhere once it is no longer listed', async () => {
    const token = await other.sign();
    const unlisted = await startAuth({ database });
    expect((await identity(token, unlisted)).status).toBe(401);
    await unlisted.stop();
    await expect(verifyToken(token, 'access', trustElsewhere({ JWT_ISSUERS: '[]' }))).rejects.toThrow('Sign in');
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['whose address nobody verified', { email_verified: false }, 600],
    ['that says nothing of verification', { email_verified: undefined }, 600],
    ['without an address', { email: undefined }, 600],
    ['of an address that nobody has here', { email: 'nobody@example.org' }, 600],
    ['for another audience', { aud: 'somebody-else' }, 600],
    ['that has expired', {}, -60],
    ['without an end', { exp: undefined }, 600],
    ['that lives longer than a day', {}, 90_000],
    ['from the future', { iat: Math.floor(Date.now() / 1000) + 600 }, 600],
    ['of an issuer that is not listed', { iss: 'https://elsewhere.example' }, 600],
    ['that calls itself ours', { iss: 'gpubroker' }, 600],
  ])('is refused a token %s', async (_what, claims, seconds) => {
    expect((await identity(await other.sign(claims, seconds))).status).toBe(401);
  });

  it('is refused a token that it did not sign', async () => {
    const stranger = await OtherIssuer.start();
    expect((await identity(await stranger.sign())).status).toBe(401);
    await stranger.stop();
  });

  it('is no way in for somebody who was deactivated, and none to a new pair of tokens', async () => {
    await auth.register('gone@example.org');
    await auth.sql("UPDATE users SET is_active = false WHERE email = 'gone@example.org'");
    expect((await identity(await other.sign({ email: 'gone@example.org' }))).status).toBe(401);
    const refresh_token = await other.sign();
    expect((await auth.post('/api/v2/auth/refresh', { refresh_token })).status).toBe(401);
  });

  it.each([
    ['no list', '{}'],
    ['no JSON', 'front.example'],
    ['a symmetric algorithm', JSON.stringify([{ issuer: 'a', jwks_url: 'http://a.example', algorithms: ['HS256'] }])],
    ['no algorithm', JSON.stringify([{ issuer: 'a', jwks_url: 'http://a.example', algorithms: [] }])],
    ['a file', JSON.stringify([{ issuer: 'a', jwks_url: 'file:///etc/passwd', algorithms: ['EdDSA'] }])],
  ])('is not configured by %s', (_what, JWT_ISSUERS) => {
    expect(() => authService.loadConfig({ DATABASE_URL: 'postgres://h/d', JWT_ISSUERS })).toThrow(/JWT_ISSUERS/);
  });
});
