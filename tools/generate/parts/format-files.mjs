import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Formats what was generated, so that the first commit already passes the gate. */
export function formatFiles(root, files) {
  const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
  const { status } = spawnSync(process.execPath, [prettier, '--write', '--log-level', 'warn', ...files], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('prettier could not format the generated files');
}
