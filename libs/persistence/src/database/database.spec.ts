import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Client } from 'pg';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded';
import { runMigrations } from '../migrations';
import { Database, DatabaseUnavailableError, isDatabaseUnavailable, type DatabaseDefinition } from '.';

@Entity({ name: 'notes', schema: 'public' })
class NoteEntity {
  @PrimaryColumn('int') id!: number;
  @Column('text') text!: string;
}

@Entity({ name: 'pages', schema: 'pages' })
class PageEntity {
  @PrimaryColumn('int') id!: number;
}

class CreatePages0000000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE pages.pages (id int PRIMARY KEY)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pages.pages');
  }
}

class FillPages0000000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO pages.pages VALUES (1)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM pages.pages');
  }
}

const definitionOf = (url: string, more: Partial<DatabaseDefinition> = {}): DatabaseDefinition => ({
  name: 'notes',
  url,
  poolSize: 3,
  entities: [NoteEntity],
  migrations: [],
  schema: 'notes',
  ...more,
});

const open: Database[] = [];
async function opened(definition: DatabaseDefinition, onConnectFailure?: (error: unknown) => void): Promise<Database> {
  const database = await Database.open(definition, onConnectFailure);
  open.push(database);
  return database;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.close()));
});

describe('a pool', () => {
  let server: FreshDatabase;
  beforeAll(async () => {
    server = await freshDatabase();
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query('CREATE TABLE notes (id int PRIMARY KEY, text text NOT NULL)');
    await client.end();
  });
  afterAll(() => server.drop());

  it('commits what a transaction wrote, and nothing of one that failed', async () => {
    const database = await opened(definitionOf(server.url));
    await database.whenReady();
    await database.inTransaction((manager) => manager.insert(NoteEntity, { id: 1, text: 'kept' }));
    await expect(
      database.inTransaction(async (manager) => {
        await manager.insert(NoteEntity, { id: 2, text: 'lost' });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');

    expect(await database.repository(NoteEntity).find()).toEqual([{ id: 1, text: 'kept' }]);
    expect(await database.isUp()).toBe(true);
  });

  it('is unavailable until the last of its migrations is done, whoever runs them, and asks no more after that', async () => {
    const definition = definitionOf(server.url, {
      entities: [PageEntity],
      migrations: [CreatePages0000000000001, FillPages0000000000002],
      schema: 'pages',
    });
    const database = await opened(definition);
    await database.whenReady();
    const refused = async () => {
      const attempts = [
        database.repository(PageEntity).find(),
        database.inTransaction((manager) => manager.insert(PageEntity, { id: 9 })),
        database.dataSource.query('SELECT 1'),
      ];
      for (const attempt of await Promise.allSettled(attempts))
        expect(attempt).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailableError) });
      expect(await database.isUp()).toBe(false);
    };

    await refused();
    await runMigrations({ ...definition, migrations: [CreatePages0000000000001] });
    await refused();
    await runMigrations(definition);
    expect(await database.repository(PageEntity).find()).toEqual([{ id: 1 }]);
    expect(await database.isUp()).toBe(true);
    await database.dataSource.query('DROP TABLE pages.migrations');
    expect(await database.repository(PageEntity).find()).toEqual([{ id: 1 }]);
  });

  it('limits statements, locks and idle transactions, and names itself', async () => {
    const database = await opened(definitionOf(server.url));
    await database.whenReady();

    expect(
      await database.dataSource.query(
        `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
                current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('application_name') AS name`,
      ),
    ).toEqual([{ statement: '5s', lock: '2s', idle: '10s', name: 'gpubroker-notes' }]);
  });

  it('answers the eleventh caller of a busy pool within two seconds', async () => {
    const database = await opened(definitionOf(server.url, { poolSize: 1 }));
    await database.whenReady();
    const busy = database.dataSource.query('SELECT pg_sleep(2.2)');
    const asked = Date.now();

    await expect(database.inTransaction((manager) => manager.query('SELECT 1'))).rejects.toThrow(
      DatabaseUnavailableError,
    );
    expect(Date.now() - asked).toBeLessThan(2_000);
    await busy;
  });

  it('ends a statement that runs too long without calling the database unavailable', async () => {
    const database = await opened(definitionOf(server.url, { statementTimeoutMs: 100 }));
    await database.whenReady();
    const error: unknown = await database
      .inTransaction((manager) => manager.query('SELECT pg_sleep(3)'))
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({ code: '57014' });
    expect(isDatabaseUnavailable(error)).toBe(false);
  });

  it('behind a pooler limits its transactions and leaves the session alone', async () => {
    const database = await opened(definitionOf(server.url, { directUrl: `${server.url}?direct` }));
    await database.whenReady();
    const shown = "SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock";

    expect(await database.inTransaction((manager) => manager.query(shown))).toEqual([{ statement: '5s', lock: '2s' }]);
    expect(await database.dataSource.query(shown)).toEqual([{ statement: '0', lock: '0' }]);
    expect(await database.dataSource.query('SELECT name FROM pg_prepared_statements')).toEqual([]);
  });

  it('stops waiting when it is closed', async () => {
    const database = await opened(definitionOf('postgresql://nobody@127.0.0.1:9/none'));
    const waiting = database.whenReady();
    const closed = database.close();

    await expect(waiting).rejects.toThrow(DatabaseUnavailableError);
    await closed;
    await expect(database.whenReady()).rejects.toThrow(DatabaseUnavailableError);
  });
});

it('sends a pooler none of the start-up parameters that PgBouncer refuses', async () => {
  const firstMessage = new Promise<string>((resolve) => {
    const listener = createServer((socket: Socket) => {
      socket.once('data', (data) => {
        resolve(data.toString('utf8'));
        socket.destroy();
        listener.close();
      });
    }).listen(0, '127.0.0.1', () => {
      const address = listener.address();
      const url = `postgresql://u:p@127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/d`;
      void opened(definitionOf(url, { directUrl: 'postgresql://elsewhere/d' }));
    });
  });

  const sent = await firstMessage;
  expect(sent).toContain('application_name');
  expect(sent).not.toMatch(/timeout|options/);
});

describe('a server of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gpubroker-database-'));
  chmodSync(folder, 0o755);
  let server: EmbeddedPostgres;
  beforeEach(async () => {
    server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data'), durable: false });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((database) => database.close()));
    await server.stop();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('may be down at the start: queries say so, and work when it comes up', async () => {
    const { port } = server;
    await server.stop();
    const failures: unknown[] = [];
    const database = await opened(definitionOf(server.url('postgres')), (error) => failures.push(error));
    await expect(database.whenReady(300)).rejects.toThrow(DatabaseUnavailableError);
    const error: unknown = await database
      .repository(NoteEntity)
      .find()
      .catch((caught: unknown) => caught);

    expect(isDatabaseUnavailable(error)).toBe(true);
    expect(isDatabaseUnavailable(failures[0])).toBe(true);
    expect(await database.isUp()).toBe(false);
    await expect(database.inTransaction((manager) => manager.query('SELECT 1'))).rejects.toThrow(
      DatabaseUnavailableError,
    );

    server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data'), port, durable: false });
    await database.whenReady(5_000);
    expect(await database.inTransaction((manager) => manager.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('may crash under a query: the query says so, and the pool works after the restart', async () => {
    const database = await opened(definitionOf(server.url('postgres')));
    await database.whenReady();
    const running = database
      .inTransaction((manager) => manager.query('SELECT pg_sleep(4)'))
      .catch((caught: unknown) => caught);
    await database.dataSource.query('SELECT 1');
    process.kill(server.pid, 'SIGKILL');

    expect(await running).toBeInstanceOf(DatabaseUnavailableError);
    // The other backend has to notice first that its postmaster is gone.
    await eventually(
      () => database.isUp(),
      (up) => !up,
    );
    await server.restart();
    expect(await database.isUp()).toBe(true);
  });

  it('may freeze: queries end in time, and the frozen connection is not used again', async () => {
    const database = await opened(definitionOf(server.url('postgres'), { poolSize: 1, statementTimeoutMs: 200 }));
    await database.whenReady();
    const backendPid = async (): Promise<number> => {
      const [row] = await database.dataSource.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      return row?.pid ?? 0;
    };
    const frozen = await backendPid();
    process.kill(frozen, 'SIGSTOP');
    try {
      const asked = Date.now();
      const error: unknown = await backendPid().catch((caught: unknown) => caught);

      expect(isDatabaseUnavailable(error)).toBe(true);
      expect(Date.now() - asked).toBeLessThan(1_500);
      expect(await backendPid()).not.toBe(frozen);
    } finally {
      process.kill(frozen, 'SIGCONT');
    }
  });
});
