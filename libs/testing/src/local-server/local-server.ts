import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it returns is not looked at, so that `=> response.end(body)` will do. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Real HTTP on a free port of the loopback, in place of a service that a test does not own. */
export class LocalServer {
  private readonly server;
  private port = 0;

  constructor(answer: Answer) {
    this.server = createServer((request, response) => void answer(request, response));
  }

  static async start(answer: Answer): Promise<LocalServer> {
    const server = new LocalServer(answer);
    await server.start();
    return server;
  }

  /** Origin, without a slash at its end; the same after another start. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** @returns the origin */
  async start(): Promise<string> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this.url;
  }

  /** Cuts what is still connected: an answer that never comes would hold the test. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
