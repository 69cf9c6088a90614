import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { Writable } from 'node:stream';
import { Pool } from 'undici';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { defineApiGateway } from '../src/api-gateway.definition';
import type { Route } from '../src/routing/route-table';

export const TEST_ROUTES: readonly Route[] = [
  { prefix: '/api/v2/providers', peer: 'providers', access: 'public', body: 'standard' },
  { prefix: '/api/v2/math', peer: 'math-core', access: 'public', body: 'math' },
];

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A service behind the gateway that does whatever the test needs, faults included. */
export class Upstream {
  readonly seen: IncomingMessage[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  handler: Handler = (_request, response) => response.end('ok');

  private constructor(readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.url === '/openapi.json') return void response.writeHead(404).end();
      this.seen.push(request);
      this.handler(request, response);
    });
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async start(handler?: Handler): Promise<Upstream> {
    const server = createServer({ keepAliveTimeout: 75_000 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const upstream = new Upstream(server);
    if (handler) upstream.handler = handler;
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

export interface Gateway extends RunningService {
  readonly client: Pool;
  readonly log: string[];
  end(): Promise<void>;
}

export async function startGateway(env: Record<string, string>, routes = TEST_ROUTES): Promise<Gateway> {
  const log: string[] = [];
  const logDestination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString());
      done();
    },
  });
  const defaults = { PORT: '0', METRICS_PORT: '0', RATE_LIMIT_IP_PER_MINUTE: '0' };
  const running = await startService(defineApiGateway(routes), { ...defaults, ...env }, { logDestination });
  const client = new Pool(running.url, { connections: 256 });
  const end = async () => {
    await client.destroy();
    await running.stop();
  };
  return { ...running, client, log, end };
}

export interface Envelope {
  readonly detail: string;
  readonly error: { code: string; message: string; details: unknown; trace_id: string };
}

/** The envelope of a failure, with its form checked: SPEC G3. */
export async function envelopeOf(answer: {
  body: { json(): Promise<unknown> };
  headers: Record<string, unknown>;
}): Promise<Envelope> {
  const body = (await answer.body.json()) as Envelope;
  expect(Object.keys(body).sort()).toEqual(['detail', 'error']);
  expect(Object.keys(body.error).sort()).toEqual(['code', 'details', 'message', 'trace_id']);
  expect(body.detail).toBe(body.error.message);
  expect(body.error.trace_id).toBe(answer.headers['x-trace-id']);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  return body;
}

/** Nobody listens there. */
export async function closedPort(): Promise<string> {
  const upstream = await Upstream.start();
  const { url } = upstream;
  await upstream.stop();
  return url;
}
