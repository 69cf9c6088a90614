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
  if (directory === null) console.warn(`SKIPPED "${name}": no reference data. Set GPUBROKER_SHARED to its folder.`);
  const describeIfThere = directory === null ? describe.skip : describe;
  describeIfThere(name, () => {
    // Without the folder the tests are not even collected: tables of cases are read from it while they are.
    if (directory === null) it('needs the reference data', () => undefined);
    else tests(directory);
  });
}

function repositoryRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'nx.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
