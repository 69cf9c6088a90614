import { spawnSync } from 'node:child_process';
import { installIsCurrent } from './checks.mjs';

/** Installs the exact packages of the lock file, unless they are there; stops the process with npm's own words when it fails. */
export async function ensureInstalled(root) {
  const reason = await installIsCurrent(root);
  if (!reason) return;
  console.log(`Installing packages (${reason}); the first time takes about a minute …`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, error } = spawnSync(npm, ['ci', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === 0) return;
  console.error(
    `The packages could not be installed${error ? `: ${error.message}` : ''}. Is the npm registry reachable and the disk not full?`,
  );
  process.exit(1);
}
