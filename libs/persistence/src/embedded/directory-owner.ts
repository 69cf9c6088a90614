import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres.error';
import { findProcess } from './running-process';

/** The claim of one Node process on a data directory, so that nobody takes a living neighbour's server for an orphan. */
export interface DirectoryClaim {
  release(): void;
}

interface Owner {
  readonly pid: number;
  readonly startedAt: string;
}

/** @throws EmbeddedPostgresError 'in-use' when a living process holds the directory, this one included. */
export function claimDirectory(dataDirectory: string): DirectoryClaim {
  const path = `${dataDirectory}.owner`;
  const mine = JSON.stringify({ pid: process.pid, startedAt: findProcess(process.pid)?.startedAt ?? '' });
  if (!writeNew(path, mine)) {
    const owner = readOwner(path);
    if (owner !== null && findProcess(owner.pid)?.startedAt === owner.startedAt)
      throw new EmbeddedPostgresError(
        'in-use',
        `The data directory ${dataDirectory} is in use by process ${owner.pid}. Stop that one first, or choose another directory.`,
      );
    rmSync(path, { force: true });
    if (!writeNew(path, mine))
      throw new EmbeddedPostgresError(
        'in-use',
        `Another process took the data directory ${dataDirectory} at the same moment.`,
      );
  }
  return {
    release: () => {
      rmSync(path, { force: true });
    },
  };
}

function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(path: string): Owner | null {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Owner> | null;
    return typeof value?.pid === 'number' && typeof value.startedAt === 'string'
      ? { pid: value.pid, startedAt: value.startedAt }
      : null;
  } catch {
    return null;
  }
}
