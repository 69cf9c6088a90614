import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../../..');

/** The emulator as a process of its own: providers may not import it, a mistake must not be made twice alike. */
export class EmulatorProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<EmulatorProcess> {
    const child = spawn(
      process.execPath,
      ['--conditions=@gpubroker/source', '-r', '@swc-node/register', 'apps/cloud-emulator/src/main.ts'],
      {
        cwd: ROOT,
        env: {
          ...process.env,
          CLOUD_EMULATOR_PORT: '0',
          EMULATOR_SPEED: '60',
          EMULATOR_SEED: '1',
          SHUTDOWN_GRACE_MS: '1000',
          NODE_OPTIONS: '',
          TS_NODE_PROJECT: 'apps/cloud-emulator/tsconfig.json',
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    for await (const line of createInterface({ input: child.stdout })) {
      const { url } = JSON.parse(line) as { url?: string };
      if (url !== undefined) return new EmulatorProcess(child, url);
    }
    throw new Error('the emulator ended before it listened');
  }

  /** The emulator's own doors, `/__mode` and `/__market`. */
  async tell(door: '__mode' | '__market', body: Record<string, string>): Promise<void> {
    const response = await fetch(`${this.url}/${door}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${door} ${JSON.stringify(body)}: ${response.status}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
