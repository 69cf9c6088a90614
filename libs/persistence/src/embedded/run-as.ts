import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The user PostgreSQL runs as when we are root, which it refuses to be; null: as ourselves. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

export function chooseRunAs(): RunAs | null {
  if (process.getuid?.() !== 0) return null;
  return idsOf('postgres') ?? idsOf('nobody') ?? { uid: 65534, gid: 65534 };
}

function idsOf(user: string): RunAs | null {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim());
    const ids = { uid: id('-u'), gid: id('-g') };
    return Number.isInteger(ids.uid) && ids.uid > 0 ? ids : null;
  } catch {
    return null;
  }
}

/**
 * Whether the user may walk down to the path: every folder above it lets them through. Folders that do not exist yet
 * are skipped, since we create them passable.
 */
export function isReachable(path: string, runAs: RunAs | null): boolean {
  if (runAs === null) return true;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat && !mayEnter(stat, runAs)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function mayEnter(stat: { mode: number; uid: number; gid: number }, runAs: RunAs): boolean {
  if (stat.uid === runAs.uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === runAs.gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}
