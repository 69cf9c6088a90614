import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const LEFT_OUT = new Set([
  'node_modules',
  'dist',
  'dist-app',
  'coverage',
  '.git',
  '.nx',
  '.gpubroker',
  '.test-results',
]);

export interface Clone {
  readonly root: string;
  remove(): void;
}

/**
 * A copy of the working tree with the installed packages linked into it. Our own packages are linked to the copy: through
 * the original's node_modules they would lead back to the original's sources.
 */
export function cloneCheckout(original: string): Clone {
  const root = mkdtempSync(join(tmpdir(), 'gpubroker-clone-'));
  cpSync(original, root, {
    recursive: true,
    filter: (source) => !LEFT_OUT.has(basename(source)) && !source.endsWith('.tsbuildinfo'),
  });
  linkPackages(original, root);
  return {
    root,
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function linkPackages(original: string, root: string): void {
  const installed = join(original, 'node_modules');
  mkdirSync(join(root, 'node_modules/@gpubroker'), { recursive: true });
  for (const entry of readdirSync(installed))
    if (entry !== '@gpubroker') symlinkSync(join(installed, entry), join(root, 'node_modules', entry));
  for (const kind of ['libs', 'apps'])
    for (const project of readdirSync(join(root, kind))) {
      symlinkSync(join(root, kind, project), join(root, 'node_modules/@gpubroker', project));
      const nested = join(original, kind, project, 'node_modules');
      if (existsSync(nested)) symlinkSync(nested, join(root, kind, project, 'node_modules'));
    }
}
