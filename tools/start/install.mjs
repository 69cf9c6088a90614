import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { checkWritable, installIsCurrent } from './checks.mjs';

/** A minute without a word looks like a program that hangs. */
const STILL_THERE_MS = 10_000;

/** Installs the exact packages of the lock file, unless they are there; stops the process with npm's own words when it fails. */
export async function ensureInstalled(root) {
  if (!(await installIsCurrent(root))) return;
  console.log('Installing the packages of package-lock.json; the first time takes about a minute …');
  const began = performance.now();
  const pulse = setInterval(() => {
    console.log(`… still installing (${Math.round((performance.now() - began) / 1000)} s)`);
  }, STILL_THERE_MS);
  const problem = await runNpmCi(root, await npmCache(root, process.env));
  clearInterval(pulse);
  if (!problem) return;
  console.error(
    `The packages could not be installed: ${problem}. Is the npm registry reachable, and is the disk not full?`,
  );
  process.exit(1);
}

/**
 * npm's own cache, or one beside the data: where the home cannot be written, npm installs nothing.
 * @param {string} root
 * @param {Readonly<Record<string, string | undefined>>} env
 */
export async function npmCache(root, env) {
  const usual = env.npm_config_cache || join(env.HOME || homedir(), '.npm');
  return (await checkWritable(usual)) === null ? usual : join(root, '.gpubroker', 'npm-cache');
}

/** @returns null, or what went wrong */
function runNpmCi(root, cache) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return new Promise((resolve) => {
    spawn(npm, ['ci', '--no-progress', '--no-audit', '--no-fund', '--loglevel=error', '--cache', cache], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
      .once('error', (error) => resolve(error.message))
      .once('exit', (code, signal) => resolve(code === 0 ? null : `npm ci ended with ${signal ?? code}`));
  });
}
