import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The checks are ES modules that run before anything is installed: asked here as they are there, by plain Node. */
function ask(call: string): string | null {
  const script = `import * as checks from ${JSON.stringify(join(__dirname, 'checks.mjs'))};
    console.log(JSON.stringify(await checks.${call}));`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(out) as string | null;
}

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gpubroker-checks-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('checkNode', () => {
  it.each(['20.19.0', '20.19.1', '20.20.0', '22.0.0', '24.1.0-nightly'])('takes %s', (version) => {
    expect(ask(`checkNode('${version}')`)).toBeNull();
  });

  it.each(['20.18.9', '18.20.0', '16.0.0'])('refuses %s and says which to install', (version) => {
    expect(ask(`checkNode('${version}')`)).toMatch(/too old; install Node 20\.19\.0/);
  });

  it('takes the Node that runs the tests', () => {
    expect(ask('checkNode()')).toBeNull();
  });
});

describe('checkPort', () => {
  it('takes a free port and refuses it once something listens there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(ask(`checkPort(${port}, '127.0.0.1')`)).toMatch(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use`));
    await new Promise((resolve) => server.close(resolve));
    expect(ask(`checkPort(${port}, '127.0.0.1')`)).toBeNull();
  });

  it.each(['NaN', '-1', '65536', '1.5'])('refuses %s as a port', (port) => {
    expect(ask(`checkPort(${port})`)).toMatch(/is no port/);
  });

  it('refuses an address of another machine', () => {
    expect(ask("checkPort(0, '192.0.2.1')")).toMatch(/no address of this machine/);
  });
});

describe('checkDisk', () => {
  it('takes a disk with room, also for a directory that is still to be made', () => {
    expect(ask(`checkDisk('${join(directory, 'a/b')}', 1)`)).toBeNull();
  });

  it('says how much is free and how much is needed', () => {
    expect(ask(`checkDisk('${directory}', 1e18)`)).toMatch(/^Only \d+ MB are free .* 1000000000000 MB are needed/);
  });
});

describe('checkWritable', () => {
  it('makes the directory and leaves nothing in it', () => {
    expect(ask(`checkWritable('${join(directory, 'a/b')}')`)).toBeNull();
    expect(readdirSync(join(directory, 'a/b'))).toEqual([]);
  });

  it.each([
    ['a file', () => writeFileSync(join(directory, 'taken'), '')],
    ['below a file', () => writeFileSync(join(directory, 'taken'), '')],
  ])('refuses a path that is %s', (kind, prepare) => {
    prepare();
    const path = join(directory, kind === 'a file' ? 'taken' : 'taken/below');
    expect(ask(`checkWritable('${path}')`)).toMatch(/cannot be written \(E[A-Z]+\)/);
  });

  it('ends even where no directory can be made', () => {
    expect(ask("checkWritable('/proc/gpubroker')")).toMatch(/cannot be written/);
  });
});

describe('installIsCurrent', () => {
  const lock = (packages: Record<string, object>) => JSON.stringify({ lockfileVersion: 3, packages });
  const install = (path: string) => {
    mkdirSync(join(directory, path), { recursive: true });
    writeFileSync(join(directory, path, 'package.json'), '{}');
  };
  const wanted = {
    '': { name: 'root' },
    'libs/a': { version: '0.1.0' },
    'node_modules/@ours/a': { resolved: 'libs/a', link: true },
    'node_modules/b': { version: '1.0.0' },
    'libs/a/node_modules/b': { version: '2.0.0' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  };
  const write = (installed: Record<string, object> | null) => {
    writeFileSync(join(directory, 'package-lock.json'), lock(wanted));
    install('node_modules/b');
    install('libs/a/node_modules/b');
    if (installed) writeFileSync(join(directory, 'node_modules/.package-lock.json'), lock(installed));
  };
  const current = () => ask(`installIsCurrent('${directory}')`);
  const good = { 'node_modules/b': { version: '1.0.0' }, 'libs/a/node_modules/b': { version: '2.0.0' } };

  it('is content when all packages of the lock are there', () => {
    write(good);
    expect(current()).toBeNull();
  });

  it('asks for an installation when there is none', () => {
    write(null);
    expect(current()).toBe('The packages are not installed; run npm ci.');
  });

  it('names a package of another version', () => {
    write({ ...good, 'node_modules/b': { version: '0.9.0' } });
    expect(current()).toMatch(/differ from package-lock\.json \(node_modules\/b\)/);
  });

  it('names a package whose folder was deleted', () => {
    write(good);
    rmSync(join(directory, 'libs/a/node_modules/b'), { recursive: true });
    expect(current()).toMatch(/\(libs\/a\/node_modules\/b\)/);
  });

  it('says so when there is no lock file', () => {
    expect(current()).toMatch(/^package-lock\.json is missing/);
  });
});
