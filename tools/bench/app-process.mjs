/** An app of this repository as a process of its own, from its bundle, and what it takes of the machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param {string} entry file to run
 * @param {Record<string, string>} env over this process's own
 */
export function startProcess(entry, env) {
  const child = spawn(process.execPath, [resolve(entry)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  return {
    pid: child.pid,
    memoryMb: () => residentMb(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Resident memory in MB, or NaN where the system does not tell. */
export function residentMb(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Asks until the answer satisfies the condition. @returns the answer's JSON */
export async function until(url, holds, timeoutMs = 120_000) {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    const answer = await fetch(url).then(
      async (response) => (response.ok ? response.json() : null),
      () => null,
    );
    if (answer !== null && holds(answer)) return answer;
    await sleep(20);
  }
  throw new Error(`${url} did not answer as expected in ${timeoutMs} ms`);
}

export function freePort() {
  return new Promise((resolvePort) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolvePort(port));
    });
  });
}
