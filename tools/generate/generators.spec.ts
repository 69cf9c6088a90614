import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cloneCheckout, type Clone } from './clone-checkout';

/** Each step is a process of its own that compiles or lints a good part of the tree. */
jest.setTimeout(240_000);

let clone: Clone;

beforeAll(() => {
  clone = cloneCheckout(resolve(__dirname, '../..'));
});
afterAll(() => {
  clone.remove();
});

const read = (file: string) => readFileSync(join(clone.root, file), 'utf8');

function run(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: clone.root, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}
const bin = (script: string) => join('node_modules', script);
const ESLINT = bin('eslint/bin/eslint.js');
const PRETTIER = bin('prettier/bin/prettier.cjs');
const TSC = bin('typescript/bin/tsc');
const JEST = bin('jest/bin/jest.js');
const good = { status: 0, output: expect.any(String) as string };

describe('tools/generate/service.mjs', () => {
  const APP = 'apps/price-alerts';

  it('generates a service on a port that no other has', () => {
    const { status, output } = run('tools/generate/service.mjs', 'price-alerts');
    expect({ status, output }).toEqual(good);
    expect(output).toMatch(/on port 81\d\d/);
    expect(read(`${APP}/src/index.ts`)).toMatch(/defaultPort: 81\d\d/);
  });

  it('lists it where the compiler and the import rules look', () => {
    const { references } = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
    expect(references.filter(({ path }) => path === APP)).toHaveLength(1);
    expect(run(JEST, '-c', 'tools/jest.config.cjs', 'tools/lint')).toEqual(good);
  });

  it('passes the linter and the formatter as it is', () => {
    expect(run(ESLINT, APP, 'tools/lint', '--max-warnings', '0')).toEqual(good);
    expect(run(PRETTIER, '--check', APP, 'tsconfig.json', 'tools/lint')).toEqual(good);
  });

  it('compiles', () => {
    expect(run(TSC, '-b', APP)).toEqual(good);
  });

  it('passes its own tests above the coverage floor', () => {
    expect(run('tools/jest-project.mjs', APP)).toEqual(good);
  });

  it('starts, answers /health and ends in order', async () => {
    const child = spawn(
      process.execPath,
      ['--conditions=@gpubroker/source', '-r', '@swc-node/register', join(APP, 'src/main.ts')],
      {
        cwd: clone.root,
        env: { PATH: process.env.PATH, PRICE_ALERTS_PORT: '0', TS_NODE_PROJECT: join(APP, 'tsconfig.json') },
      },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const url = await new Promise<string>((resolve, reject) => {
      let output = '';
      const collect = (chunk: Buffer) => {
        output += chunk.toString();
        const found = /"url":"([^"]+)"/.exec(output)?.[1];
        if (found) resolve(found);
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      child.once('exit', () => {
        reject(new Error(output));
      });
    });
    const health = await fetch(`${url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ok' });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('overwrites nothing', () => {
    const { status, output } = run('tools/generate/service.mjs', 'price-alerts');
    expect(status).toBe(1);
    expect(output).toMatch(/exists already; nothing was written/);
  });

  it.each(['', 'Alerts', '9lives', 'a--b', '../evil', 'a_b'])(
    'refuses the name %j and says how it is called',
    (name) => {
      const { status, output } = run('tools/generate/service.mjs', name);
      expect(status).toBe(2);
      expect(output).toContain('usage: node tools/generate/service.mjs NAME [PORT]');
    },
  );

  it('refuses a port that is none', () => {
    expect(run('tools/generate/service.mjs', 'other-alerts', '80').status).toBe(1);
  });
});

describe('tools/generate/provider.mjs', () => {
  const ADAPTER = 'apps/providers/src/adapters';
  const CLOUDS = 'apps/cloud-emulator/src/clouds';

  it('generates an adapter and its emulated cloud, a line each in the registries', () => {
    expect(run('tools/generate/provider.mjs', 'quux-cloud')).toEqual(good);
    expect(read(`${ADAPTER}/registry.ts`).match(/quux-cloud/g)).toHaveLength(3);
    expect(read(`${CLOUDS}/cloud-registry.ts`).match(/quuxCloudCloud/g)).toHaveLength(2);
  });

  it('passes the linter and the formatter as it is', () => {
    expect(run(ESLINT, ADAPTER, CLOUDS, '--max-warnings', '0')).toEqual(good);
    expect(run(PRETTIER, '--check', ADAPTER, CLOUDS)).toEqual(good);
  });

  it('compiles', () => {
    expect(run(TSC, '-b', 'apps/providers', 'apps/cloud-emulator')).toEqual(good);
  });

  it("passes its own tests and the registries'", () => {
    expect(run(JEST, '-c', 'apps/providers/jest.config.cjs', 'adapters/(quux-cloud|registry)')).toEqual(good);
    expect(run(JEST, '-c', 'apps/cloud-emulator/jest.config.cjs', 'clouds/(quux-cloud|cloud-registry)')).toEqual(good);
  });

  it('overwrites nothing', () => {
    expect(run('tools/generate/provider.mjs', 'quux-cloud').status).toBe(1);
  });
});
