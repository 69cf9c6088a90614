import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Asked by plain Node, as `npm start` does. */
function npmCache(env: Readonly<Record<string, string>>): string {
  const script = `import { npmCache } from ${JSON.stringify(join(__dirname, 'install.mjs'))};
    console.log(await npmCache('/checkout', ${JSON.stringify(env)}));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim();
}

describe("npm's cache", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'gpubroker-home-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it('is the one in the home, or the one that npm names', () => {
    expect(npmCache({ HOME: home })).toBe(join(home, '.npm'));
    expect(npmCache({ HOME: home, npm_config_cache: join(home, 'cache') })).toBe(join(home, 'cache'));
    expect(existsSync(join(home, 'cache'))).toBe(true);
  });

  it('stands beside the data where the home cannot be written', () => {
    expect(npmCache({ HOME: '/proc/nobody' })).toBe('/checkout/.gpubroker/npm-cache');
  });
});
