import { runMigrations } from '@gpubroker/persistence/migrations';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { decodeJwt } from 'jose';
import { authDatabase } from '../src/auth.database';
import { authService } from '../src/index';
import { startAuth } from './support/running-auth';

const SUPERUSER = { SUPERUSER_EMAIL: 'Root@example.org', SUPERUSER_PASSWORD: 'four-quiet-llamas-rent-gpus' };

describe('the first administrator', () => {
  let database: FreshDatabase;

  beforeEach(async () => {
    database = await freshDatabase();
    await runMigrations(authDatabase({ databaseUrl: database.url, databaseDirectUrl: undefined, databasePoolSize: 2 }));
  });
  afterEach(() => database.drop());

  it('is made once by replicas that start together, may administer, and is on record', async () => {
    const replicas = await Promise.all([1, 2, 3].map(() => startAuth({ database, env: SUPERUSER })));
    const [auth] = replicas;
    const users = await auth?.sql("SELECT 1 FROM users WHERE lower(email) = 'root@example.org'");
    expect(users).toHaveLength(1);
    const login = await auth?.login('root@example.org', SUPERUSER.SUPERUSER_PASSWORD);
    expect(decodeJwt(login?.body.access_token ?? '').roles).toEqual(['admin']);
    expect(await auth?.sql("SELECT 1 FROM audit_logs WHERE action = 'superuser.created'")).toHaveLength(1);
    expect(replicas.map((replica) => replica.log()).join('')).not.toContain(SUPERUSER.SUPERUSER_PASSWORD);
    for (const replica of replicas) await replica.stop();
  });

  it('keeps the password that he has', async () => {
    await (await startAuth({ database, env: SUPERUSER })).stop();
    const auth = await startAuth({
      database,
      env: { ...SUPERUSER, SUPERUSER_PASSWORD: 'five-quiet-llamas-rent-gpus' },
    });
    expect((await auth.login('root@example.org', SUPERUSER.SUPERUSER_PASSWORD)).status).toBe(200);
    await auth.stop();
  });

  it.each([
    [{ SUPERUSER_EMAIL: 'a@example.org' }, /SUPERUSER_PASSWORD.*is needed beside/],
    [{ SUPERUSER_PASSWORD: 'four-quiet-llamas' }, /SUPERUSER_EMAIL.*is needed beside/],
    [{ SUPERUSER_EMAIL: 'a@example.org', SUPERUSER_PASSWORD: 'password' }, /SUPERUSER_PASSWORD/],
    [{ SUPERUSER_EMAIL: 'nobody', SUPERUSER_PASSWORD: 'four-quiet-llamas' }, /SUPERUSER_EMAIL/],
  ])('is not made of %p', (env, message) => {
    expect(() => authService.loadConfig({ DATABASE_URL: 'postgres://h/d', ...env })).toThrow(message);
  });
});
