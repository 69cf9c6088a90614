import { fork, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from '.';
import { findProcess } from './running-process';

const folder = mkdtempSync(join(tmpdir(), 'gpubroker-embedded-'));
chmodSync(folder, 0o755);
const running: EmbeddedPostgres[] = [];
let counter = 0;

afterEach(async () => {
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const newDirectory = (): string => join(folder, `data-${(counter += 1)}`);

async function start(dataDirectory: string, more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDirectory, ...more });
  running.push(postgres);
  return postgres;
}

async function query(postgres: EmbeddedPostgres, sql: string, database = 'postgres'): Promise<unknown[]> {
  const client = new Client({ connectionString: postgres.url(database) });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function startedElsewhere(
  dataDirectory: string,
  runAs: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; pid: number }> {
  const child = fork(join(__dirname, '..', '..', 'test', 'orphan-maker.ts'), [dataDirectory], {
    ...runAs,
    execArgv: ['--conditions=@gpubroker/source', '-r', require.resolve('@swc-node/register')],
    env: { ...process.env, TS_NODE_PROJECT: join(__dirname, '..', '..', 'tsconfig.json') },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message: { pid: number } | { failure: string }) => {
      if ('pid' in message) resolve({ child, pid: message.pid });
      else reject(new Error(message.failure));
    });
  });
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );

describe('a cluster', () => {
  it('creates a database once and folds letters outside ASCII', async () => {
    const postgres = await start(newDirectory());
    await Promise.all([postgres.createDatabase('offers'), postgres.createDatabase('offers')]);
    await postgres.createDatabase('offers');

    expect(await query(postgres, "SELECT lower('ÄÉ') AS folded, current_database() AS name", 'offers')).toEqual([
      { folded: 'äé', name: 'offers' },
    ]);
  });

  it('keeps its rows and its password over a clean stop', async () => {
    const directory = newDirectory();
    const first = await start(directory);
    await query(first, 'CREATE TABLE kept AS SELECT 1 AS id');
    await Promise.all([first.stop(), first.stop()]);
    const second = await start(directory, { port: first.port });

    expect(second.url('postgres')).toBe(first.url('postgres'));
    expect(await query(second, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });

  it('listens on loopback only, refuses a wrong password and opens no socket file', async () => {
    const postgres = await start(newDirectory());
    const stranger = new Client({ connectionString: postgres.url('postgres').replace(/:[0-9a-f]+@/, ':wrong@') });

    await expect(stranger.connect()).rejects.toThrow(/password authentication failed/);
    expect(await query(postgres, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(postgres, 'SHOW unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
  });

  it('hides data and password from other users', async () => {
    const { dataDirectory } = await start(newDirectory());

    expect(statSync(dataDirectory).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDirectory, 'gpubroker.password')).mode & 0o777).toBe(0o600);
  });

  it('takes settings over its own and skips fsync on request', async () => {
    const postgres = await start(newDirectory(), { durable: false, settings: { max_connections: 17 } });

    expect(await query(postgres, 'SHOW max_connections')).toEqual([{ max_connections: '17' }]);
    expect(await query(postgres, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
  });
});

describe('a server killed with -9', () => {
  it('is reported, and a restart keeps every acknowledged row', async () => {
    const postgres = await start(newDirectory());
    await query(postgres, 'CREATE TABLE kept (id int)');
    const client = new Client({ connectionString: postgres.url('postgres') });
    client.on('error', () => undefined);
    await client.connect();
    const exit = new Promise((resolve) => postgres.onUnexpectedExit(resolve));
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await client.query('INSERT INTO kept VALUES ($1)', [acknowledged]);
        acknowledged += 1;
        if (acknowledged === 300) process.kill(postgres.pid, 'SIGKILL');
      }
    })();
    await expect(writing).rejects.toThrow();
    expect(await exit).toMatchObject({ signal: 'SIGKILL' });
    await Promise.all([postgres.restart(), postgres.restart()]);

    const [row] = (await query(postgres, 'SELECT count(*)::int AS rows FROM kept')) as { rows: number }[];
    expect(acknowledged).toBeGreaterThanOrEqual(300);
    expect(row?.rows).toBeGreaterThanOrEqual(acknowledged);
  });

  it('does not tell a listener that left, nor of a stop that was asked for', async () => {
    const postgres = await start(newDirectory());
    const told = jest.fn();
    postgres.onUnexpectedExit(told)();
    postgres.onUnexpectedExit(told);
    await postgres.stop();

    expect(told).not.toHaveBeenCalled();
    expect(() => postgres.restart()).toThrow(/was stopped/);
  });
});

describe('a killed owner', () => {
  it('leaves a server that the next start stops, keeping its rows', async () => {
    const directory = newDirectory();
    const { child, pid } = await startedElsewhere(directory);
    const gone = ended(child);
    child.kill('SIGKILL');
    await gone;
    expect(findProcess(pid)?.command).toContain('postgres');
    const lines: string[] = [];
    const postgres = await start(directory, { log: (line) => lines.push(line) });

    expect(findProcess(pid)).toBeNull();
    expect(lines.join('\n')).toContain(`stopped PostgreSQL ${pid}`);
    expect(await query(postgres, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });

  it('is not taken for one while it lives', async () => {
    const directory = newDirectory();
    const { child } = await startedElsewhere(directory);
    await expect(startEmbeddedPostgres({ dataDirectory: directory })).rejects.toMatchObject({ reason: 'in-use' });
    const gone = ended(child);
    child.disconnect();
    await gone;
  });
});

describe('a start that cannot be', () => {
  it('names the port that is taken', async () => {
    const { port } = await start(newDirectory());

    await expect(startEmbeddedPostgres({ dataDirectory: newDirectory(), port })).rejects.toMatchObject({
      reason: 'port-in-use',
      message: expect.stringMatching(/Another program listens on the port/) as string,
    });
  });

  it('leaves a folder with other content alone', async () => {
    const directory = newDirectory();
    mkdirSync(directory);
    writeFileSync(join(directory, 'thesis.txt'), 'mine');

    await expect(startEmbeddedPostgres({ dataDirectory: directory })).rejects.toMatchObject({
      reason: 'data-directory',
    });
    expect(existsSync(join(directory, 'thesis.txt'))).toBe(true);
  });

  it('refuses the data of another major version', async () => {
    const directory = newDirectory();
    mkdirSync(directory);
    writeFileSync(join(directory, 'PG_VERSION'), '15\n');
    writeFileSync(join(directory, 'gpubroker.password'), 'x');

    await expect(startEmbeddedPostgres({ dataDirectory: directory })).rejects.toThrow(/made by PostgreSQL 15/);
  });

  it('reports a setting that PostgreSQL does not know, in its own words', async () => {
    await expect(
      startEmbeddedPostgres({ dataDirectory: newDirectory(), settings: { no_such_setting: 1 } }),
    ).rejects.toThrow(/unrecognized configuration parameter "no_such_setting"/);
  });
});

it('clears away what a start killed during creation left', async () => {
  const directory = newDirectory();
  mkdirSync(`${directory}.unfinished-1`);
  await start(directory);

  expect(existsSync(`${directory}.unfinished-1`)).toBe(false);
});

const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;
if (process.getuid?.() !== 0) console.warn('SKIPPED "started by root": these tests need root.');

describeAsRoot('started by root', () => {
  it('keeps the data elsewhere when its user cannot enter the folder', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    const lines: string[] = [];
    const postgres = await start(join(locked, 'data'), { log: (line) => lines.push(line) });
    await query(postgres, 'CREATE TABLE kept AS SELECT 1 AS id');
    await postgres.stop();
    const again = await start(join(locked, 'data'));

    expect(postgres.dataDirectory.startsWith(locked)).toBe(false);
    expect(lines[0]).toContain(postgres.dataDirectory);
    expect(await query(again, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
    await again.stop();
    rmSync(again.dataDirectory, { recursive: true, force: true });
  });

  it('takes over a directory that an ordinary user made', async () => {
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o777 });
    chmodSync(home, 0o777);
    const directory = join(home, 'data');
    const { child } = await startedElsewhere(directory, { uid: 65534, gid: 65534 });
    expect(statSync(directory).uid).toBe(65534);
    const gone = ended(child);
    child.disconnect();
    await gone;
    const postgres = await start(directory);

    expect(await query(postgres, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });
});
