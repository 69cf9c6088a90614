/**
 * A real HashiCorp Vault core (transit engine, token store) on a free loopback port, for the distributed suites and for
 * `node tools/servers/run-vault.mjs`. Needs go on the PATH. It ends with the process that started it, kill -9 included.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './free-ports.mjs';
import { goProgram } from './go-program.mjs';

const READY_WITHIN_MS = 60_000;
/** What a service needs and no more. Without "create" nobody but the operator can make keys. */
const policyFor = (key) => `
  path "transit/encrypt/${key}" { capabilities = ["update"] }
  path "transit/decrypt/${key}" { capabilities = ["update"] }`;

/** @type {import('./vault.d.mts').startVault} */
export async function startVault({ log = console.log } = {}) {
  const program = await goProgram({
    name: 'vault-server',
    source: join(import.meta.dirname, 'vault'),
    needs: '5 to 10 minutes and 1 GB of downloads',
    log,
  });
  const [port] = await freePorts(1);
  const folder = await mkdtemp(join(tmpdir(), 'gpubroker-vault-'));
  const server = new VaultServer({ program, folder, host: `127.0.0.1:${port}`, log });
  await server.start();
  await server.ask('POST', 'sys/mounts/transit', { type: 'transit' });
  log(`Vault answers on ${server.address}`);
  return server;
}

class VaultServer {
  #program;
  #folder;
  #host;
  #log;
  #child = null;
  #rootToken = null;

  constructor({ program, folder, host, log }) {
    this.#program = program;
    this.#folder = folder;
    this.#host = host;
    this.#log = log;
    this.address = `http://${host}`;
  }

  get rootToken() {
    return this.#rootToken;
  }

  async start() {
    const child = spawn(this.#program, [this.#folder, this.#host], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#rootToken = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`Vault ended while starting (${code})`)));
      child.stdout.once('data', (line) => resolve(String(line).trim()));
    });
    await this.#untilActive();
    // A suite that failed before it could stop the server must still be able to end, which ends the server.
    for (const handle of [child, child.stdin, child.stdout]) handle.unref();
  }

  async kill() {
    this.#log(`kill -9 ${this.#child?.pid} (Vault)`);
    await this.#end('SIGKILL');
  }

  pause() {
    this.#child?.kill('SIGSTOP');
  }

  resume() {
    this.#child?.kill('SIGCONT');
  }

  async stop() {
    await this.#end('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async createKey(name) {
    await this.ask('POST', `transit/keys/${name}`, {});
    await this.ask('PUT', `sys/policies/acl/${name}`, { policy: policyFor(name) });
  }

  async createToken(key, { ttl = '1h' } = {}) {
    const { auth } = await this.ask('POST', 'auth/token/create', { policies: [key], ttl, renewable: true });
    return auth.client_token;
  }

  async ask(method, path, body) {
    const response = await fetch(`${this.address}/v1/${path}`, {
      method,
      headers: { 'x-vault-token': this.#rootToken },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  async #untilActive() {
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      const status = await fetch(`${this.address}/v1/sys/health`).then(
        (response) => response.status,
        () => null,
      );
      if (status === 200) return;
      if (Date.now() > deadline) throw new Error(`Vault was not ready within ${READY_WITHIN_MS / 1000} s (${status})`);
      await sleep(100);
    }
  }

  async #end(signal) {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    child.ref();
    const ended = new Promise((resolve) =>
      child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(),
    );
    child.kill(signal);
    await ended;
  }
}
