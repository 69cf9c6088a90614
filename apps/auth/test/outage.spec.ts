import type { JwksDto } from '@gpubroker/contracts/auth';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { databaseDoor, type DatabaseDoor } from './support/database-door';
import { startAuth, type RunningAuth } from './support/running-auth';

describe('auth without its database', () => {
  let database: FreshDatabase;
  let door: DatabaseDoor;
  let auth: RunningAuth;

  beforeAll(async () => {
    database = await freshDatabase();
    door = await databaseDoor(database.url);
    auth = await startAuth({ database, databaseUrl: door.url, untilHealthy: false });
  });
  afterAll(async () => {
    await auth.stop();
    await door.shut();
    await database.drop();
  });

  const health = async (): Promise<number> => (await auth.get('/health')).status;
  const healthy = () => eventually(health, (status) => status === 200);

  it('starts, says that it cannot serve, answers 503 to a login, and recovers by itself', async () => {
    expect(await health()).toBe(503);
    const refused = await auth.login('early@example.org');
    expect([refused.status, refused.body.error.code]).toEqual([503, 'DB_UNAVAILABLE']);
    expect(refused.body.detail).toBe('Database not available');
    await door.open();
    await healthy();
    expect((await auth.register('early@example.org')).status).toBe(201);
    expect((await auth.login('early@example.org')).status).toBe(200);
  });

  it('goes on showing its key, verifies tokens, and says 503 where it needs the database', async () => {
    await door.open();
    await healthy();
    const { access_token, refresh_token } = await auth.signedIn('meanwhile@example.org');
    const before = await auth.get<JwksDto>('/.well-known/jwks.json');
    await door.shut();
    const during = await auth.get<JwksDto>('/.well-known/jwks.json');
    expect([during.status, during.body]).toEqual([200, before.body]);
    // 503 and not 401: the token was believed, and only then the profile could not be read.
    expect((await auth.get('/api/v2/auth/me', access_token)).status).toBe(503);
    expect((await auth.post('/api/v2/auth/refresh', { refresh_token })).status).toBe(503);
    await eventually(health, (status) => status === 503);
    await door.open();
    await healthy();
    expect((await auth.post('/api/v2/auth/refresh', { refresh_token })).status).toBe(200);
  });
});
