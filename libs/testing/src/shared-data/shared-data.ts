import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The folder of reference data outside the repository (GPUBROKER_SHARED, else `shared` beside the checkout), or null. */
export function sharedDataDirectory(): string | null {
  const directory = process.env['GPUBROKER_SHARED'] ?? resolve(repositoryRoot(), '..', 'shared');
  return existsSync(directory) ? directory : null;
}

/** A describe block that needs the reference data: it runs with the folder's path, or is skipped with a warning. */
export function describeWithShared(name: string, tests: (directory: string) => void): void {
  const directory = sharedDataDirectory();
  if (directory !== null) {
    describe(name, () => {
      tests(directory);
    });
    return;
  }
  console.warn(`SKIPPED "${name}": no reference data. Set GPUBROKER_SHARED to its folder.`);
  // The tests themselves are not even collected: tables of cases are read from the folder while they are.
  describe.skip(name, () => {
    it('needs the reference data', () => undefined);
  });
}

function repositoryRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'nx.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
