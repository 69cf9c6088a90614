import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres.error';
import { findProcess, type RunningProcess } from './running-process';

const STEPS: readonly { signal: NodeJS.Signals; patienceMs: number }[] = [
  { signal: 'SIGINT', patienceMs: 10_000 },
  { signal: 'SIGQUIT', patienceMs: 5_000 },
];

/**
 * Ends the server that a Node process killed with -9 left behind on this data directory, and answers its pid, or null
 * when there was none. It is stopped, not adopted: a server that is not our child cannot be supervised, and it runs with
 * the settings and the port of its former owner. The caller must hold the claim on the directory.
 */
export async function stopOrphan(dataDirectory: string): Promise<number | null> {
  const lock = join(dataDirectory, 'postmaster.pid');
  const pid = lockedBy(lock);
  if (pid === null) return null;
  const found = findProcess(pid);
  if (found === null) return null;
  if (!serves(found, dataDirectory)) {
    // After a reboot the pid can belong to any program, and PostgreSQL would refuse to start for as long as that one runs.
    rmSync(lock, { force: true });
    return null;
  }
  for (const { signal, patienceMs } of STEPS) {
    process.kill(pid, signal);
    if (await isGone(found, patienceMs)) return pid;
  }
  throw new EmbeddedPostgresError(
    'stale-lock',
    `The PostgreSQL server ${pid}, left behind on ${dataDirectory}, does not stop.`,
  );
}

function lockedBy(lock: string): number | null {
  try {
    const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

function serves(found: RunningProcess, dataDirectory: string): boolean {
  return /\bpostgres\b/.test(found.command) && found.command.includes(dataDirectory);
}

async function isGone(found: RunningProcess, patienceMs: number): Promise<boolean> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    if (findProcess(found.pid)?.startedAt !== found.startedAt) return true;
    await sleep(20);
  }
  return false;
}
