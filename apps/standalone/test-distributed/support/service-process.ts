import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessOptions {
  /** For messages; several processes may run the same program. */
  readonly name: string;
  /** File below apps/. */
  readonly program: string;
  readonly portVariable: string;
  readonly env: Readonly<Record<string, string>>;
}

const APPS = resolve(__dirname, '../../..');
const LOGS = mkdtempSync(join(tmpdir(), 'gpubroker-distributed-'));
const READY_WITHIN_MS = 90_000;
const GONE_WITHIN_MS = 40_000;
const LOG_LINES = 12;
const LOG_WIDTH = 300;
const running = new Set<ServiceProcess>();

/** One service as an operating system process, on a port that stays the same through every death. */
export class ServiceProcess {
  private child: ChildProcess | null = null;
  private readonly log: string;
  kills = 0;

  private constructor(
    private readonly options: ProcessOptions,
    readonly port: number,
  ) {
    this.log = join(LOGS, `${options.name}-${port}.log`);
  }

  static async prepare(options: ProcessOptions): Promise<ServiceProcess> {
    return new ServiceProcess(options, await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Does not wait for anything: a kill may come at any moment of the start too. */
  spawn(): void {
    const log = openSync(this.log, 'a');
    const { program, portVariable, env } = this.options;
    this.child = spawn(process.execPath, ['-r', join(__dirname, 'end-with-parent.cjs'), join(APPS, program)], {
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        LOG_LEVEL: 'warn',
        ...env,
        [portVariable]: String(this.port),
      },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    running.add(this);
  }

  async start(): Promise<void> {
    this.spawn();
    await this.untilReady();
  }

  /** Until /health says that it can serve. @throws Error with the end of its log */
  async untilReady(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await this.isReady())) {
      if (this.hasEnded || Date.now() > deadline)
        throw new Error(`${this.options.name} is not ready (${this.ending()}):\n${this.lastLog()}`);
      await sleep(50);
    }
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.kills += 1;
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.url}/metrics`)).text();
  }

  lastLog(): string {
    const lines = readFileSync(this.log, 'utf8').split('\n').slice(-LOG_LINES);
    return lines.map((line) => line.slice(0, LOG_WIDTH)).join('\n');
  }

  private ending(): string {
    return this.hasEnded ? `ended with ${this.child?.exitCode ?? this.child?.signalCode ?? 'nothing'}` : 'running';
  }

  private get hasEnded(): boolean {
    return this.child === null || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async isReady(): Promise<boolean> {
    return fetch(`${this.url}/health`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    running.delete(this);
    if (child === null || this.hasEnded) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const impatience = setTimeout(() => child.kill('SIGKILL'), GONE_WITHIN_MS);
    await gone;
    clearTimeout(impatience);
  }
}

/** For afterAll: whatever a failed test left. */
export async function stopEveryProcess(): Promise<void> {
  await Promise.all([...running].map((process) => process.stop()));
}

function freePort(): Promise<number> {
  const holder = createServer();
  return new Promise((resolve, reject) => {
    holder.once('error', reject);
    holder.listen(0, '127.0.0.1', () => {
      const address = holder.address();
      holder.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
