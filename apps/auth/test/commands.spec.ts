import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runMigrations } from '@gpubroker/persistence/migrations';
import { freshDatabase, rowsOf, type FreshDatabase } from '@gpubroker/testing/postgres';
import { authDatabase } from '../src/auth.database';

const ROOT = join(__dirname, '../../..');

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** As `nx run auth:…` runs it. */
function run(entry: string, env: Record<string, string>, input = '', args: readonly string[] = []): Promise<Run> {
  const child = spawn(process.execPath, ['tools/run-script.mjs', 'apps/auth', `src/${entry}.ts`, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
  });
  let output = '';
  const keep = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

describe('the commands', () => {
  let database: FreshDatabase;
  let env: Record<string, string>;

  beforeAll(async () => {
    database = await freshDatabase();
    env = { DATABASE_URL: database.url };
    await runMigrations(authDatabase({ databaseUrl: database.url, databaseDirectUrl: undefined, databasePoolSize: 2 }));
  });
  afterAll(() => database.drop());

  it('create an administrator from what is typed, and say when there is one already', async () => {
    const typed = 'root@example.org\nfour-quiet-llamas-rent\nfour-quiet-llamas-rent\n';
    const first = await run('create-superuser', env, typed);
    expect([first.code, first.output]).toEqual([
      0,
      expect.stringContaining('Created the administrator root@example.org.'),
    ]);
    expect(first.output).not.toContain('llamas');
    const second = await run('create-superuser', {
      ...env,
      SUPERUSER_EMAIL: 'root@example.org',
      SUPERUSER_PASSWORD: 'four-quiet-llamas-rent',
    });
    expect([second.code, second.output]).toEqual([1, expect.stringContaining('nothing was changed')]);
  });

  it.each([
    ['passwords that differ', 'a@example.org\nfour-quiet-llamas\nfive-quiet-llamas\n', /passwords differ/],
    ['a weak password', 'a@example.org\npassword\npassword\n', /create-superuser: /],
  ])('create nobody from %s', async (_what, typed, reason) => {
    const { code, output } = await run('create-superuser', env, typed);
    expect([code, output]).toEqual([1, expect.stringMatching(reason)]);
  });

  it('verify the audit chain against what the log has kept of it', async () => {
    const [head] = await rowsOf<{ at: string }>(database.url, "SELECT seq || ':' || hash AS at FROM auth.audit_head");
    const at = head?.at ?? '';
    expect((await run('verify-audit', env, '', [at])).code).toBe(0);
    const other = at.replace(/:.*/, `:${'0'.repeat(64)}`);
    const found = await run('verify-audit', env, '', [other]);
    expect([found.code, found.output]).toEqual([1, expect.stringContaining('(anchor_differs)')]);
    expect((await run('verify-audit', env, '', ['nonsense'])).output).toContain('nonsense is no audit_head of the log');
  });

  it('verify the audit chain, and exit 1 naming the row where it does not hold', async () => {
    const sound = await run('verify-audit', env);
    expect([sound.code, sound.output]).toEqual([0, expect.stringMatching(/^The audit chain holds: 1 entries checked/)]);
    await rowsOf(database.url, 'ALTER TABLE audit_logs DISABLE TRIGGER ALL');
    await rowsOf(database.url, "UPDATE audit_logs SET action = 'x'");
    const broken = await run('verify-audit', env);
    expect([broken.code, broken.output]).toEqual([1, expect.stringMatching(/broken at entry 1, id [0-9a-f-]{36}:/)]);
  });
});
