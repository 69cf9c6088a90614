/**
 * A real Redis on a free loopback port for the distributed suite. Needs `redis-server` on the PATH; on Debian and Ubuntu it is
 * installed by apt where that is allowed. It ends with the process that started it, kill -9 of that process included.
 */
import { spawn, execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts } from './free-ports.mjs';

const run = promisify(execFile);
const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;
const GUARDED_SERVER = `
  exec 3<&0
  redis-server "$@" </dev/null >/dev/null 2>&1 &
  server=$!
  echo $server
  (cat <&3 >/dev/null; kill -9 $server 2>/dev/null) &
  guard=$!
  wait $server
  kill $guard 2>/dev/null`;

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
  #guard = null;
  pid = null;

  constructor(port, directory, log) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#directory = directory;
    this.#log = log;
  }

  async start() {
    const options = ['--port', this.port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#guard = spawn('sh', ['-c', GUARDED_SERVER, 'redis', ...options.map(String), '--dir', this.#directory], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.pid = await new Promise((resolve, reject) => {
      this.#guard.once('error', reject);
      this.#guard.stdout.once('data', (line) => resolve(Number(line)));
    });
    // A suite that failed before it could stop the server must still be able to end, which ends the server.
    for (const handle of [this.#guard, this.#guard.stdin, this.#guard.stdout]) handle.unref();
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
    const guard = this.#guard;
    if (guard === null) return;
    this.#guard = null;
    guard.ref();
    const ended = new Promise((resolve) => (guard.exitCode === null ? guard.once('exit', resolve) : resolve()));
    for (const each of ['SIGCONT', signal]) {
      try {
        process.kill(this.pid, each);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    const impatience = setTimeout(() => guard.stdin.end(), STOP_WITHIN_MS);
    await ended;
    clearTimeout(impatience);
    guard.stdin.end();
    this.pid = null;
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
