import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JwksDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { JwksKeys, verifyToken } from '@gpubroker/platform/auth';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { readOrCreateKeyFile } from '@gpubroker/platform/secrets';
import { decodeProtectedHeader } from 'jose';
import { authService } from '../src/index';
import { startAuth } from './support/running-auth';

const pemOf = (modulusLength: number): string =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('the signing key', () => {
  let database: FreshDatabase;
  let dataDirectory: string;

  beforeEach(async () => {
    database = await freshDatabase();
    dataDirectory = await mkdtemp(join(tmpdir(), 'gpubroker-auth-'));
  });
  afterEach(async () => {
    await database.drop();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  it('is made once, kept for its owner only, and used again after a restart', async () => {
    const first = await startAuth({ database, dataDirectory });
    const { access_token } = await first.signedIn('stay@example.org');
    await first.stop();
    const folder = join(dataDirectory, 'auth');
    const files = await readdir(folder);
    expect(files.sort()).toEqual(['sealing.key', 'signing-key.rs256.pem']);
    for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    const second = await startAuth({ database, dataDirectory });
    expect((await second.get('/api/v2/auth/me', access_token)).status).toBe(200);
    await second.stop();
  });

  it('is one key, however many processes make it at once', async () => {
    const path = join(dataDirectory, 'keys', 'key.pem');
    let made = 0;
    const found = await Promise.all(
      Array.from({ length: 10 }, () => readOrCreateKeyFile(path, () => Promise.resolve(`key ${(made += 1)}`))),
    );
    expect(new Set(found)).toEqual(new Set([await readFile(path, 'utf8')]));
    expect(await readdir(join(dataDirectory, 'keys'))).toEqual(['key.pem']);
  });

  it('can be replaced without signing anybody out; a revoked one verifies nothing', async () => {
    const before = await startAuth({ database, dataDirectory });
    const old = await before.signedIn('rotate@example.org');
    await before.stop();
    const after = await startAuth({ database, env: { JWT_PRIVATE_KEY: pemOf(3072).replaceAll('\n', '\\n') } });
    const { body: fresh } = await after.login('rotate@example.org');
    expect(decodeProtectedHeader(fresh.access_token).kid).not.toBe(decodeProtectedHeader(old.access_token).kid);
    expect((await after.get<JwksDto>('/.well-known/jwks.json')).body.keys).toHaveLength(2);
    for (const { access_token } of [old, fresh])
      expect((await after.get('/api/v2/auth/me', access_token)).status).toBe(200);
    const refreshed = await after.post<TokenPairDto>('/api/v2/auth/refresh', { refresh_token: old.refresh_token });
    expect(refreshed.status).toBe(200);
    await after.stop();

    const revoked = await startAuth({
      database,
      dataDirectory: after.dataDirectory,
      env: { JWT_PRIVATE_KEY: pemOf(2048) },
    });
    await revoked.sql('UPDATE auth.signing_keys SET revoked_at = now() WHERE kid = $1', [
      decodeProtectedHeader(old.access_token).kid,
    ]);
    await revoked.stop();
    const last = await startAuth({ database, env: { JWT_PRIVATE_KEY: pemOf(2048) } });
    expect((await last.get('/api/v2/auth/me', old.access_token)).status).toBe(401);
    await last.stop();
  });

  it('verifies in another service through the JWKS', async () => {
    const auth = await startAuth({ database, dataDirectory });
    const { access_token } = await auth.signedIn('elsewhere@example.org');
    const claims = await verifyToken(access_token, 'access', {
      issuer: 'gpubroker',
      audience: 'gpubroker-api',
      algorithms: ['RS256'],
      keys: new JwksKeys(`${auth.service.url}/.well-known/jwks.json`),
    });
    expect(claims.sub).toBe('elsewhere@example.org');
    await auth.stop();
  });

  it.each([['PS256'], ['EdDSA']])('signs %s when that is what the configuration says', async (algorithm) => {
    const auth = await startAuth({ database, dataDirectory, env: { JWT_ALGORITHMS: algorithm } });
    const { access_token } = await auth.signedIn('other@example.org');
    expect(decodeProtectedHeader(access_token).alg).toBe(algorithm);
    expect((await auth.get('/api/v2/auth/me', access_token)).status).toBe(200);
    await auth.stop();
  });
});

describe('the configuration', () => {
  const DATABASE_URL = 'postgres://localhost/none';

  it('names everything that production lacks at once', () => {
    const load = () => authService.loadConfig({ NODE_ENV: 'production' });
    expect(load).toThrow(/DATABASE_URL/);
    expect(load).toThrow(/JWT_PRIVATE_KEY/);
    expect(load).toThrow(/AUTH_SECRET_KEY/);
  });

  it.each([
    ['no key at all', 'nonsense', undefined],
    ['a short RSA key', pemOf(1024), undefined],
    ['an RSA key for EdDSA', pemOf(2048), 'EdDSA'],
  ])('refuses %s', (_what, JWT_PRIVATE_KEY, JWT_ALGORITHMS) => {
    expect(() => authService.loadConfig({ DATABASE_URL, JWT_PRIVATE_KEY, JWT_ALGORITHMS })).toThrow(/JWT_PRIVATE_KEY/);
  });

  it.each([['nonsense'], ['c2hvcnQ='], [','], [`${'A'.repeat(43)}=,nonsense`]])(
    'refuses %s as key for secrets',
    (AUTH_SECRET_KEY) => {
      expect(() => authService.loadConfig({ DATABASE_URL, AUTH_SECRET_KEY })).toThrow(/AUTH_SECRET_KEY/);
    },
  );

  it('refuses algorithms that share the key with who verifies', () => {
    expect(() => authService.loadConfig({ DATABASE_URL, JWT_ALGORITHMS: 'RS256,HS256' })).toThrow(/JWT_ALGORITHMS/);
  });

  it('limits registrations to 5 a minute in production, to 120 elsewhere', () => {
    const limit = (env: Record<string, string>) =>
      authService.loadConfig({
        DATABASE_URL,
        JWT_PRIVATE_KEY: pemOf(2048),
        AUTH_SECRET_KEY: `${'A'.repeat(43)}=`,
        ...env,
      }).own.registrationsPerMinute;
    expect([limit({ NODE_ENV: 'production' }), limit({})]).toEqual([5, 120]);
  });
});
