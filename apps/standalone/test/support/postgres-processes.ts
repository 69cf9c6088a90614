import { execFileSync } from 'node:child_process';

/** A server and the processes that serve its sessions: stopping the first alone leaves the others answering. */
export function freeze(postmaster: number): void {
  signalAll(postmaster, 'SIGSTOP');
}

export function thaw(postmaster: number): void {
  signalAll(postmaster, 'SIGCONT');
}

function signalAll(postmaster: number, signal: NodeJS.Signals): void {
  // The postmaster first: otherwise it starts new children while the old ones are being stopped.
  process.kill(postmaster, signal);
  for (const child of childrenOf(postmaster)) process.kill(child, signal);
}

function childrenOf(parent: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
}
