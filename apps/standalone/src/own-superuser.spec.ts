import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownSuperuser } from './own-superuser';

describe('the administrator of an installation', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gpubroker-superuser-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('gets a password on the first start, which is shown once and kept for its owner only', async () => {
    const data = join(directory, 'data');
    const first = await ownSuperuser(data, {});
    expect(first.newPassword).toMatch(/^[\w-]{24}$/);
    expect(first.env).toEqual({ SUPERUSER_EMAIL: first.email, SUPERUSER_PASSWORD: first.newPassword });
    expect((await stat(first.file ?? '')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(first.file ?? '', 'utf8'))).toHaveProperty('password', first.newPassword);
    expect(await ownSuperuser(data, {})).toEqual({ ...first, newPassword: null });
  });

  it('is the one of the environment where that names one', async () => {
    const env = { SUPERUSER_EMAIL: 'root@example.org', SUPERUSER_PASSWORD: 'secret' };
    expect(await ownSuperuser(directory, env)).toEqual({
      env: {},
      email: 'root@example.org',
      file: null,
      newPassword: null,
    });
  });

  it('is not guessed from a file that holds something else', async () => {
    await writeFile(join(directory, 'superuser.json'), 'nonsense');
    await expect(ownSuperuser(directory, {})).rejects.toThrow(/superuser\.json.*remove it/);
  });
});
