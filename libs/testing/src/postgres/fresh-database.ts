import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';

export interface FreshDatabase {
  readonly name: string;
  readonly url: string;
  /** Ends every session on it and removes it. */
  drop(): Promise<void>;
}

/**
 * A database of its own for one suite: empty, or a copy of a template from migratedTemplate().
 * @throws when the project's Jest configuration names no globalSetup of this folder.
 */
export async function freshDatabase({ template }: { template?: string } = {}): Promise<FreshDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const source = template === undefined ? '' : ` TEMPLATE ${escapeIdentifier(template)}`;
  await asAdministrator((client) =>
    client.query(`CREATE DATABASE ${escapeIdentifier(name)}${source} STRATEGY file_copy`),
  );
  return {
    name,
    url: databaseUrl(name),
    drop: () =>
      asAdministrator(async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
      }),
  };
}

/**
 * The name of a template that `migrate` filled once in this run, however many workers ask at once.
 * @param name of the schema's state, e.g. 'providers': the same name must mean the same migrations
 */
export async function migratedTemplate(name: string, migrate: (url: string) => Promise<void>): Promise<string> {
  const template = `template_${name}_${process.env['TEST_POSTGRES_RUN'] ?? 'run'}`;
  await asAdministrator(async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template]);
    if (await databaseExists(client, template)) return;
    const unfinished = await freshDatabase();
    await migrate(unfinished.url);
    await client.query(`ALTER DATABASE ${escapeIdentifier(unfinished.name)} RENAME TO ${escapeIdentifier(template)}`);
  });
  return template;
}

async function databaseExists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  return rowCount !== 0;
}

async function asAdministrator<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: administratorUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(name: string): string {
  const url = new URL(administratorUrl());
  url.pathname = `/${name}`;
  return url.href;
}

function administratorUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (!url)
    throw new Error(
      'No test PostgreSQL: name libs/testing/src/postgres/global-setup.ts as globalSetup in jest.config.cjs.',
    );
  return url;
}
