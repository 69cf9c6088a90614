import { generateKeyPairSync } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JwksDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { JwksKeys, keyIdOf, verifyToken } from '@gpubroker/platform/auth';
import { decodeProtectedHeader } from 'jose';
import { authDatabase } from '../src/auth.database';
import { authService } from '../src/index';
import { rotateKeyFile } from '../src/keys/rotate-key-file';
import { startAuth } from './support/running-auth';

const BELIEVED = { issuer: 'gpubroker', audience: 'gpubroker-api', algorithms: ['RS256'] };

describe('rotating the key', () => {
  it('signs nobody out: shown while auth runs, signing after its restart, the former one still good', async () => {
    const auth = await startAuth();
    const { database: fresh, dataDirectory } = auth;
    const elsewhere = { ...BELIEVED, keys: new JwksKeys(`${auth.service.url}/.well-known/jwks.json`) };
    const old = await auth.signedIn('stays@example.org');
    await verifyToken(old.access_token, 'access', elsewhere);

    const file = join(dataDirectory, 'auth', 'signing-key.rs256.pem');
    const database = await Database.open(
      authDatabase({ databaseUrl: fresh.url, databaseDirectUrl: undefined, databasePoolSize: 1 }),
    );
    await database.whenReady();
    const kid = await rotateKeyFile(file, 'RS256', database);
    await database.close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const shown = (await auth.get<JwksDto>('/.well-known/jwks.json')).body.keys.map((key) => key.kid);
    expect(shown).toContain(kid);
    expect((await auth.get('/api/v2/auth/me', old.access_token)).status).toBe(200);
    const during = await auth.post<TokenPairDto>('/api/v2/auth/refresh', { refresh_token: old.refresh_token });
    await auth.service.stop();

    const after = await startAuth({ database: fresh, dataDirectory });
    for (const { access_token } of [old, during.body])
      expect((await after.get('/api/v2/auth/me', access_token)).status).toBe(200);
    const next = await after.post<TokenPairDto>('/api/v2/auth/refresh', { refresh_token: during.body.refresh_token });
    expect(decodeProtectedHeader(next.body.access_token).kid).toBe(kid);
    await verifyToken(old.access_token, 'access', elsewhere);
    await after.stop();
    await auth.stop();
  });

  it('may leave a key that verifies until a date by configuration, and no longer', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const public_key = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const until = (ms: number) => new Date(Date.now() + ms).toISOString();
    const shownUntil = async (time: string): Promise<boolean> => {
      const auth = await startAuth({ env: { JWT_FORMER_KEYS: JSON.stringify([{ public_key, until: time }]) } });
      const { body } = await auth.get<JwksDto>('/.well-known/jwks.json');
      await auth.stop();
      return body.keys.some((key) => key.kid === keyIdOf(publicKey));
    };
    expect(await shownUntil(until(60_000))).toBe(true);
    expect(await shownUntil(until(-1_000))).toBe(false);
  });

  it.each(['{}', 'x', '[{"public_key": "none", "until": "2030-01-01T00:00:00Z"}]'])(
    'takes no former keys from %s',
    (JWT_FORMER_KEYS) => {
      expect(() => authService.loadConfig({ DATABASE_URL: 'postgres://h/d', JWT_FORMER_KEYS })).toThrow(
        /JWT_FORMER_KEYS/,
      );
    },
  );
});
