/** The measured math-core process, and the same work in Python where its packages can be had. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleApp } from '../build/bundle-app.mjs';
import { cacheDirectory } from '../servers/maven-jars.mjs';
import { askable } from './child.mjs';

const run = promisify(execFile);
const APP = 'apps/math-core';
const OUTFILE = 'dist-app/bench-worker.js';
const PEERS = ['numpy', 'scipy', 'pymcdm', 'implicit'];

/** @param {(math: Awaited<ReturnType<typeof askable>>, folder: string) => Promise<unknown>} measure */
export async function withMath(measure) {
  await bundleApp(APP, { entry: 'test/bench/worker.ts', outfile: OUTFILE });
  const folder = mkdtempSync(join(tmpdir(), 'gpubroker-bench-'));
  const math = await askable(resolve(APP, OUTFILE));
  try {
    return await measure(math, folder);
  } finally {
    math.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One thread, as ours: the comparison is of programs, not of cores. */
const ONE_THREAD = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** What the script printed, or null where Python or numpy cannot be had. */
export async function askPeers(script, args, say) {
  const python = await peerPython(say);
  if (python === null) return null;
  const file = resolve(import.meta.dirname, 'peers', script);
  const { stdout } = await run(python, [file, ...args.map(String)], {
    env: { ...process.env, ...ONE_THREAD },
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(stdout);
}

/** An environment of their own outside the checkout, made once; a package that does not install is left out. */
async function peerPython(say) {
  const folder = join(cacheDirectory(), 'bench-python');
  const python = join(folder, 'bin/python');
  if (!existsSync(python)) {
    say(`installing ${PEERS.join(', ')} into ${folder} (once)`);
    try {
      await mkdir(cacheDirectory(), { recursive: true });
      await run('python3', ['-m', 'venv', folder]);
    } catch {
      return null;
    }
  }
  for (const name of PEERS) {
    if (await isInstalled(python, name)) continue;
    await run(python, ['-m', 'pip', 'install', '--quiet', name]).catch(() => say(`${name} is not installed`));
  }
  return (await isInstalled(python, 'numpy')) && (await isInstalled(python, 'scipy')) ? python : null;
}

const isInstalled = (python, name) =>
  run(python, ['-c', `import ${name}`]).then(
    () => true,
    () => false,
  );

/** @param {string} file @param {readonly number[]} numbers */
export function writeFloats(file, numbers) {
  writeFileSync(file, new Uint8Array(Float64Array.from(numbers).buffer));
}

/** The same numbers in every run: mulberry32. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
