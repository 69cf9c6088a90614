import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process as the system knows it: `startedAt` tells two users of one pid apart. */
export interface RunningProcess {
  readonly pid: number;
  readonly startedAt: string;
  readonly command: string;
}

/** The live process with this pid, or null when there is none (a zombie counts as none). */
export function findProcess(pid: number): RunningProcess | null {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): RunningProcess | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command name in parentheses and may hold spaces itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startedAt] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X' || startedAt === undefined) return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return { pid, startedAt, command };
  } catch {
    return null;
  }
}

function fromPs(pid: number): RunningProcess | null {
  try {
    const [startedAt, stat, command] = ['lstart=', 'stat=', 'args='].map((column) =>
      execFileSync('ps', ['-o', column, '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    );
    if (!startedAt || !command || stat?.startsWith('Z')) return null;
    return { pid, startedAt, command };
  } catch {
    return null;
  }
}
