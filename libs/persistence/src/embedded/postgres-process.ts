import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { diagnose } from './embedded-postgres.error';
import type { RunAs } from './run-as';

const KEPT_LINES = 12;
const LAST_LINES_MS = 500;
const READY = 'database system is ready to accept connections';
const READY_PATIENCE_MS = 120_000;
const STOP_STEPS: readonly { signal: NodeJS.Signals; patienceMs: number }[] = [
  { signal: 'SIGINT', patienceMs: 15_000 },
  { signal: 'SIGQUIT', patienceMs: 5_000 },
  { signal: 'SIGKILL', patienceMs: 5_000 },
];

export interface PostgresExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lastLines: readonly string[];
}

export interface PostgresLaunch {
  readonly program: string;
  readonly dataDirectory: string;
  readonly port: number;
  readonly runAs: RunAs | null;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly log: (line: string) => void;
}

/** One run of the server, from spawn to exit. */
export class PostgresProcess {
  readonly exited: Promise<PostgresExit>;
  private readonly lastLines: string[] = [];
  private readonly child: ChildProcess;
  private readonly ready: Promise<'ready'>;

  constructor(private readonly launch: PostgresLaunch) {
    const { program, dataDirectory, port, runAs, settings } = launch;
    const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`]);
    this.child = spawn(program, ['-D', dataDirectory, ...flags], {
      ...runAs,
      cwd: dataDirectory,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl-C reaches the whole group of the terminal; the owner closes its services first and then stops the server.
      detached: true,
    });
    this.ready = this.readLog();
    this.exited = this.watchExit();
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** @throws EmbeddedPostgresError when the server ends, or does not accept connections within two minutes. */
  async waitUntilReady(): Promise<void> {
    const exit = await firstOf<PostgresExit | 'late' | 'ready'>(READY_PATIENCE_MS, 'late', this.ready, this.exited);
    if (exit === 'ready') return;
    if (exit === 'late') this.child.kill('SIGQUIT');
    throw diagnose([...this.lastLines], `PostgreSQL did not start on ${this.launch.dataDirectory}`);
  }

  /** Ends the sessions, writes a checkpoint and exits; harder signals follow only when that takes too long. */
  async stop(): Promise<void> {
    for (const { signal, patienceMs } of STOP_STEPS) {
      this.child.kill(signal);
      if ((await firstOf<PostgresExit | 'late'>(patienceMs, 'late', this.exited)) !== 'late') return;
    }
  }

  /** Asks for a clean end without waiting for it, for the exit handler of a process. */
  interrupt(): void {
    this.child.kill('SIGINT');
  }

  /** Resolves soon after the exit, not at the end of the log: a stuck child of the server can hold that open for ever. */
  private watchExit(): Promise<PostgresExit> {
    return new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        resolve({ code, signal, lastLines: [...this.lastLines] });
      };
      this.child.once('error', (error) => {
        this.keep(error.message);
        end(null, null);
      });
      this.child.once('exit', (code, signal) => {
        const late = setTimeout(() => {
          this.child.stderr?.destroy();
          end(code, signal);
        }, LAST_LINES_MS);
        this.child.once('close', () => {
          clearTimeout(late);
          end(code, signal);
        });
      });
    });
  }

  private readLog(): Promise<'ready'> {
    const { stderr } = this.child;
    return new Promise((resolve) => {
      if (stderr === null) return;
      createInterface({ input: stderr }).on('line', (line) => {
        this.keep(line);
        this.launch.log(line);
        if (line.includes(READY)) resolve('ready');
      });
    });
  }

  private keep(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > KEPT_LINES) this.lastLines.shift();
  }
}

async function firstOf<T>(patienceMs: number, late: T, ...promises: Promise<T>[]): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, patienceMs, late);
  });
  try {
    return await Promise.race([...promises, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
