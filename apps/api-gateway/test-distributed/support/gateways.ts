import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@gpubroker/testing/eventually';
import type { TokenSigner } from '@gpubroker/testing/tokens';
import { Pool } from 'undici';

const PROGRAM = join(__dirname, '../../dist-app/limits.js');

/** Several gateways as processes of their own, that share one Redis and pass everything to one small service. */
export class Gateways {
  private constructor(
    private readonly service: Server,
    private readonly processes: readonly ChildProcess[],
    readonly clients: readonly Pool[],
  ) {}

  static async start(count: number, redisUrl: string, signer: TokenSigner): Promise<Gateways> {
    const service = createServer((request, response) => {
      response.writeHead(request.url === '/openapi.json' ? 404 : 200).end('ok');
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    const serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const env = { ...signer.env, REDIS_URL: redisUrl, REPLICAS: String(count), ...addressesOf(serviceUrl) };
    const started = await Promise.all(Array.from({ length: count }, () => startGateway(env))).catch(
      (error: unknown) => {
        // Left open it would keep Jest from ending.
        service.close();
        throw error;
      },
    );
    return new Gateways(
      service,
      started.map(({ child }) => child),
      started.map(({ url }) => new Pool(url, { connections: 64 })),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.destroy()));
    await Promise.all(
      this.processes.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }),
    );
    this.service.closeAllConnections();
    this.service.close();
  }
}

function addressesOf(url: string): Record<string, string> {
  const names = ['AUTH', 'PROVIDERS', 'KPI', 'MATH_CORE', 'AI_ASSISTANT', 'WS_GATEWAY'];
  return Object.fromEntries(names.map((name) => [`${name}_URL`, url]));
}

/** On a port of the system's choice, which its log names. */
async function startGateway(env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const inherited = { PATH: process.env['PATH'], NODE_OPTIONS: process.env['NODE_OPTIONS'] };
  const child = spawn(process.execPath, [PROGRAM], {
    env: { ...inherited, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // Only the start is read; request lines would fill the memory.
    if (log.length < 100_000) log += text;
  });
  const url = await eventually(
    () => Promise.resolve(/"url":"(http:[^"]+)"/.exec(log)?.[1]),
    (found) => found !== undefined || child.exitCode !== null,
    { timeoutMs: 60_000 },
  );
  if (url === undefined) throw new Error(`the gateway does not start:\n${log}`);
  return { child, url };
}
