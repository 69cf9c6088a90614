import { Client } from 'pg';
import { describeWithShared } from '../shared-data';
import { freshDatabase, legacyDatabase, migratedTemplate, rowsOf, type FreshDatabase } from '.';

const opened: FreshDatabase[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.drop()));
});

async function fresh(template?: string): Promise<FreshDatabase> {
  const database = await freshDatabase(template === undefined ? {} : { template });
  opened.push(database);
  return database;
}

describe('freshDatabase', () => {
  it('gives two suites databases that do not see each other', async () => {
    const [first, second] = await Promise.all([fresh(), fresh()]);
    await rowsOf(first.url, 'CREATE TABLE offers (id int)');

    expect(await rowsOf(second.url, "SELECT to_regclass('offers') AS found")).toEqual([{ found: null }]);
  });

  it('drops a database that still has sessions', async () => {
    const database = await freshDatabase();
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();

    await expect(rowsOf(database.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
  });

  it('names what is missing when no server was started', async () => {
    const url = process.env['TEST_POSTGRES_URL'];
    delete process.env['TEST_POSTGRES_URL'];
    try {
      await expect(freshDatabase()).rejects.toThrow(/globalSetup/);
    } finally {
      process.env['TEST_POSTGRES_URL'] = url;
    }
  });
});

describe('migratedTemplate', () => {
  it('is filled once, also when several ask at the same time', async () => {
    let migrations = 0;
    const migrate = async (url: string): Promise<void> => {
      migrations += 1;
      await rowsOf(url, 'CREATE TABLE offers AS SELECT 7 AS id');
    };
    const templates = await Promise.all([1, 2, 3].map(() => migratedTemplate('offers', migrate)));
    const copies = await Promise.all(templates.map((template) => fresh(template)));

    expect(migrations).toBe(1);
    expect(await Promise.all(copies.map(({ url }) => rowsOf(url, 'SELECT id FROM offers')))).toEqual(
      copies.map(() => [{ id: 7 }]),
    );
  });
});

describeWithShared('legacyDatabase', (shared) => {
  it('holds what the earlier build wrote', async () => {
    const database = await legacyDatabase(shared);
    opened.push(database);

    expect(
      await rowsOf(
        database.url,
        'SELECT (SELECT count(*)::int FROM public.users) AS users, (SELECT count(*)::int FROM public.audit_logs) AS audit',
      ),
    ).toEqual([{ users: 6, audit: 24 }]);
  });
});
