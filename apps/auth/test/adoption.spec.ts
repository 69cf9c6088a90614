import { assertNoDrift, planMigrations, revertLastMigration, runMigrations } from '@gpubroker/persistence/migrations';
import { freshDatabase, legacyDatabase, rowsOf, type FreshDatabase } from '@gpubroker/testing/postgres';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { decodeJwt } from 'jose';
import { authDatabase } from '../src/auth.database';
import { authMigrations } from '../src/migrations';
import { startAuth, type RunningAuth } from './support/running-auth';

const definition = ({ url }: FreshDatabase) =>
  authDatabase({ databaseUrl: url, databaseDirectUrl: undefined, databasePoolSize: 2 });

describe('the migrations', () => {
  let database: FreshDatabase;

  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(() => database.drop());

  it('are planned, run once, leave no drift, and can be taken back', async () => {
    expect((await planMigrations(definition(database))).pending).toHaveLength(authMigrations.length);
    expect(await runMigrations(definition(database))).toHaveLength(authMigrations.length);
    expect(await runMigrations(definition(database))).toEqual([]);
    await assertNoDrift(definition(database));
    for (let left = authMigrations.length; left > 0; left -= 1)
      expect(await revertLastMigration(definition(database))).not.toBeNull();
    expect(await rowsOf(database.url, "SELECT 1 FROM information_schema.tables WHERE table_name = 'users'")).toEqual(
      [],
    );
  });

  it('taken back, leave the tables that hold somebody', async () => {
    await runMigrations(definition(database));
    await rowsOf(database.url, "INSERT INTO tenants VALUES (gen_random_uuid(), 'Kept', 'free', 10, 5, now())");
    for (let left = authMigrations.length; left > 0; left -= 1) await revertLastMigration(definition(database));
    expect(await rowsOf(database.url, 'SELECT name FROM tenants')).toEqual([{ name: 'Kept' }]);
  });
});

describeWithShared('the database of the earlier build', (shared) => {
  let database: FreshDatabase;
  let auth: RunningAuth;
  let before: { rows: string; columns: unknown[] };

  const everything = async () => ({
    rows: JSON.stringify(
      await Promise.all(
        ['tenants', 'users', 'audit_logs'].map((table) => rowsOf(database.url, `SELECT * FROM ${table} ORDER BY id`)),
      ),
    ),
    columns: await rowsOf(
      database.url,
      "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
    ),
  });

  beforeAll(async () => {
    database = await legacyDatabase(shared);
    before = await everything();
    auth = await startAuth({ database });
  });
  afterAll(async () => {
    await auth.stop();
    await database.drop();
  });

  it('is adopted without a change to any row or column', async () => {
    expect(await everything()).toEqual(before);
    await assertNoDrift(definition(database));
  });

  it.each([
    ['ada@acme.example', 'legacy-Passw0rd-ada', 'Acme Research', 'free', 'user'],
    ['bob@acme.EXAMPLE', 'legacy-Passw0rd-bob', 'Acme Research', 'free', 'admin'],
    ['dana@borealis.example', 'legacy-Passw0rd-dana', 'Borealis ML', 'pro', 'user'],
    ['eve@nowhere.example', 'legacy-Passw0rd-eve', 'eve@nowhere.example', 'free', 'user'],
  ])('lets %s in, twice, and brings the hash up to date', async (email, password, tenant, plan, role) => {
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await auth.login(email, password);
      expect(status).toBe(200);
      expect(decodeJwt(body.access_token)).toMatchObject({ plan, roles: [role] });
      const { body: profile } = await auth.get<{ tenant: { name: string } }>('/api/v2/auth/me', body.access_token);
      expect(profile.tenant.name).toBe(tenant);
    }
    const [row] = await auth.sql<{ password_hash: string }>('SELECT password_hash FROM users WHERE lower(email) = $1', [
      email.toLowerCase(),
    ]);
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
    expect((await auth.login(email, `${password}x`)).status).toBe(401);
  });

  it('keeps the limits that a tenant was given of its own', async () => {
    const [row] = await auth.sql("SELECT rate_limit_rps FROM tenants WHERE name = 'Cumulus Labs'");
    expect(row).toEqual({ rate_limit_rps: 250 });
  });

  it('does not let the inactive one in, nor the one with a second factor by password alone', async () => {
    expect((await auth.login('fay@cumulus.example', 'legacy-Passw0rd-fay')).status).toBe(401);
    expect((await auth.login('chen@borealis.example', 'legacy-Passw0rd-chen')).body).not.toHaveProperty('access_token');
  });
});
