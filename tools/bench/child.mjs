import { fork, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 60_000;

/**
 * A child that answers one message at a time with `{result}` or `{error}`; its first message says that it is there.
 * @param {string} file @param {Record<string, string>} [env]
 */
export async function askable(file, env = {}) {
  const child = fork(file, [], { env: { ...process.env, ...env } });
  const next = () =>
    new Promise((resolve, reject) => {
      const onExit = (code) => reject(new Error(`${file} ended with ${code}`));
      child.once('exit', onExit);
      child.once('message', ({ result, error }) => {
        child.off('exit', onExit);
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
    });
  const first = await next();
  const ask = (kind, options = {}) => {
    child.send({ kind, ...options });
    return next();
  };
  const kill = () => child.kill('SIGKILL');
  return { first, ask, kill, pid: child.pid };
}

/** A service's bundle as a process, once /health says that it can serve. */
export async function startService(file, { port, log, env }) {
  const out = openSync(log, 'a');
  const child = spawn(process.execPath, [file], { env: { ...process.env, ...env }, stdio: ['ignore', out, out] });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`${file} does not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
    await sleep(100);
  }
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
  };
  return { url, pid: child.pid, stop };
}

/** Resident memory of a process in MiB; NaN where /proc is not there. */
export function residentMiB(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

const answers = (url) =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
