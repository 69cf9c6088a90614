/**
 * A real Redis on a free loopback port for the distributed suite. Needs `redis-server` on the PATH; on Debian and Ubuntu it is
 * installed by apt where that is allowed. It ends with the process that started it, kill -9 of that process included.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts } from './free-ports.mjs';
import { GuardedProcess } from './guarded-process.mjs';

const run = promisify(execFile);
const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;

/** @type {import('./redis.d.mts').startRedis} */
export async function startRedis({ log = console.log } = {}) {
  await ensureInstalled(log);
  const [port] = await freePorts(1);
  const directory = await mkdtemp(join(tmpdir(), 'gpubroker-redis-'));
  const server = new RedisServer(port, directory, log);
  await server.start();
  log(`Redis answers on ${server.url}`);
  return server;
}

/** Installs Debian's package when there is none and this is root on such a system; otherwise says what to do. */
export async function ensureInstalled(log = console.log) {
  if (await isInstalled()) return;
  log('installing redis-server with apt (a few seconds, once)');
  try {
    // A fresh image knows no packages until it has asked.
    await install().catch(() => run('apt-get', ['update'], APT).then(install));
  } catch (error) {
    throw new Error('redis-server is not installed and apt could not install it: install it by hand', { cause: error });
  }
}

const APT = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], APT);

const isInstalled = () =>
  run('redis-server', ['--version']).then(
    () => true,
    () => false,
  );

class RedisServer {
  #directory;
  #log;
  #server = null;

  constructor(port, directory, log) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#directory = directory;
    this.#log = log;
  }

  get pid() {
    return this.#server?.pid ?? null;
  }

  async start() {
    const options = ['--port', this.port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#server = await GuardedProcess.start('redis-server', [...options.map(String), '--dir', this.#directory]);
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await answers(this.port))) {
      if (Date.now() > deadline) throw new Error(`Redis did not answer within ${READY_WITHIN_MS / 1000} s`);
      await sleep(50);
    }
  }

  async kill() {
    this.#log(`kill -9 ${this.pid} (Redis)`);
    await this.#end('SIGKILL');
  }

  freeze() {
    this.#log(`kill -STOP ${this.pid} (Redis)`);
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw() {
    process.kill(this.pid, 'SIGCONT');
  }

  async stop() {
    await this.#end('SIGTERM');
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #end(signal) {
    const server = this.#server;
    this.#server = null;
    await server?.end(signal, STOP_WITHIN_MS);
  }
}

/** One PING by hand: a driver would bring its own ideas of waiting. */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (up) => {
      socket.destroy();
      resolve(up);
    };
    socket.setTimeout(500, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
    socket.write('PING\r\n');
  });
}
