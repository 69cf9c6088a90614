import { spawn } from 'node:child_process';
import { installIsCurrent } from './checks.mjs';

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
  const problem = await runNpmCi(root);
  clearInterval(pulse);
  if (!problem) return;
  console.error(
    `The packages could not be installed: ${problem}. Is the npm registry reachable, and is the disk not full?`,
  );
  process.exit(1);
}

/** @returns null, or what went wrong */
function runNpmCi(root) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return new Promise((resolve) => {
    spawn(npm, ['ci', '--no-progress', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
      .once('error', (error) => resolve(error.message))
      .once('exit', (code, signal) => resolve(code === 0 ? null : `npm ci ended with ${signal ?? code}`));
  });
}
