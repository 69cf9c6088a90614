import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { eventually } from '@gpubroker/testing/eventually';
import { isAlive } from './data-folder';
import { FREE_PORTS } from './free-ports';

const ROOT = resolve(__dirname, '../../../..');
/** It builds first, on two loaded cores. */
const START = { timeoutMs: 90_000, everyMs: 100 };
const STOP = { timeoutMs: 30_000, everyMs: 50 };

/** `npm start` without npm: the real command, as a process of its own. */
export interface StartedProduct {
  readonly child: ChildProcess;
  /** Everything it printed so far, on either stream. */
  readonly output: () => string;
  /** Resolves with the gateway's address once the table is printed. */
  untilRunning(): Promise<string>;
  /** Exit code, or the signal that ended it. */
  untilEnded(): Promise<number | NodeJS.Signals>;
}

export function start(dataFolder: string, env: Readonly<Record<string, string>> = {}): StartedProduct {
  const child = spawn(process.execPath, ['tools/start.mjs'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      GPUBROKER_DATA_DIR: dataFolder,
      LIVE_CLOUDS: 'off',
      ...FREE_PORTS,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (printed += String(text)));
  const output = (): string => printed;
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    child,
    output,
    untilRunning: async () => {
      const text = await eventually(
        () => Promise.resolve(printed),
        (now) => now.includes('Worth trying') || hasEnded(),
        START,
      );
      const url = /api-gateway listens on (\S+)/.exec(text)?.[1];
      if (url === undefined || hasEnded()) throw new Error(`it does not run; it said:\n${text}`);
      return url;
    },
    untilEnded: async () => {
      await eventually(() => Promise.resolve(hasEnded()), Boolean, hasEnded() ? STOP : START);
      return child.exitCode ?? child.signalCode ?? Number.NaN;
    },
  };
}

/** The pid in PostgreSQL's own lock file; null when no server claims the directory. */
export function postgresOf(dataFolder: string): number | null {
  const lock = join(dataFolder, 'postgres', 'postmaster.pid');
  return existsSync(lock) ? Number(readFileSync(lock, 'utf8').split('\n')[0]) : null;
}

export async function untilGone(pid: number): Promise<void> {
  await eventually(
    () => Promise.resolve(isAlive(pid)),
    (alive) => !alive,
    STOP,
  );
}
