import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

interface Child {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
  readonly url: () => Promise<string>;
}

const children: ChildProcess[] = [];

function startChild(env: Record<string, string>): Child {
  const child = spawn(
    process.execPath,
    ['--conditions=@gpubroker/source', '-r', '@swc-node/register', join(__dirname, 'process/tiny-main.ts')],
    { env: { PATH: process.env.PATH, TINY_PORT: '0', TS_NODE_PROJECT: join(__dirname, '../tsconfig.json'), ...env } },
  );
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const url = async () => {
    for (let tries = 0; tries < 400; tries += 1) {
      const found = /"url":"([^"]+)"/.exec(output)?.[1];
      if (found) return found;
      await delay(25);
    }
    throw new Error(`the child did not start: ${output}`);
  };
  return { process: child, output: () => output, ended, url };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('a service as a process', () => {
  it('ends with 0 on SIGTERM', async () => {
    const child = startChild({});
    await child.url();
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);
  }, 20_000);

  it('finishes what is running although the signal comes twice', async () => {
    const child = startChild({ TINY_SCENE: 'slow' });
    const running = fetch(`${await child.url()}/api/v2/things/waiting`);
    await delay(50);
    child.process.kill('SIGTERM');
    await delay(50);
    child.process.kill('SIGTERM');
    child.process.kill('SIGINT');
    expect((await running).status).toBe(200);
    expect(await child.ended).toBe(0);
  }, 20_000);

  it.each([
    ['floating promise', 'a promise failed and nobody was waiting for it'],
    ['uncaught error', 'an error was thrown and nobody caught it'],
  ])(
    'logs a %s, drains and ends with 1',
    async (scene, message) => {
      const child = startChild({ TINY_SCENE: scene });
      expect(await child.ended).toBe(1);
      expect(child.output()).toContain(`"message":"${message}"`);
      expect(child.output()).toContain('"level":"fatal"');
      expect(child.output()).not.toContain('canary');
    },
    20_000,
  );

  it('names every bad variable at once and ends with 1', async () => {
    const child = startChild({ TINY_PORT: 'canary1', LOG_LEVEL: 'canary2' });
    expect(await child.ended).toBe(1);
    expect(child.output()).toMatch(/^tiny cannot start:\n {2}LOG_LEVEL: .*\n {2}TINY_PORT: /);
    expect(child.output()).not.toContain('canary');
  }, 20_000);

  it('says in a sentence that its port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const child = startChild({ TINY_PORT: String((holder.address() as AddressInfo).port) });
    expect(await child.ended).toBe(1);
    holder.close();
    expect(child.output()).toMatch(/tiny cannot start: its port is in use .*set another port\./);
  }, 20_000);
});
