import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StubRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is a string or bytes. */
  readonly body?: unknown;
  /** Never answers; the connection stays open. */
  readonly hang?: boolean;
}

export type StubHandler = (request: StubRequest) => StubAnswer;

/** Answers by "METHOD /path"; to everything else 404. */
export function routes(answers: Readonly<Record<string, StubAnswer | StubHandler>>): StubHandler {
  return (request) => {
    const answer = answers[`${request.method} ${request.path}`] ?? { status: 404 };
    return typeof answer === 'function' ? answer(request) : answer;
  };
}

/** A cloud on a port of this machine: real HTTP, answers from a function, and a memory of what it was asked. */
export class StubCloud {
  readonly requests: StubRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private handler: StubHandler,
  ) {}

  static async start(handler: StubHandler = () => ({ status: 404 })): Promise<StubCloud> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const cloud = new StubCloud(server, port, handler);
    server.on('request', (request, response) => {
      void cloud.answer(request, response);
    });
    return cloud;
  }

  get baseUrl(): string {
    return `http://${this.host}`;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Answers with this from now on, and forgets what was asked. */
  use(handler: StubHandler): void {
    this.handler = handler;
    this.requests.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((closed) => {
      this.server.close(() => {
        closed();
      });
    });
  }

  private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const url = new URL(incoming.url ?? '/', this.baseUrl);
    const request: StubRequest = {
      method: incoming.method ?? 'GET',
      url: incoming.url ?? '/',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.requests.push(request);
    const { status = 200, headers, body, hang = false } = this.handler(request);
    if (hang) return;
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    response.writeHead(status, { ...(raw ? {} : { 'content-type': 'application/json' }), ...headers });
    response.end(raw ? body : JSON.stringify(body ?? {}));
  }
}
