import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LambdaMode = 'ok' | 'error' | 'garbage' | 'hang' | 'reset';

/** A server that knows which keys are good, as Lambda's `GET /instances` does, or misbehaves. */
export class LambdaCloud {
  mode: LambdaMode = 'ok';
  readonly good = new Set<string>();
  /** Authorization headers, in their order. */
  readonly seen: string[] = [];
  private readonly server = createServer((request, response) => {
    this.answer(request, response);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { authorization = '' } = request.headers;
    this.seen.push(authorization);
    if (this.mode === 'hang') return;
    if (this.mode === 'reset') {
      response.destroy();
      return;
    }
    // Clouds repeat keys in what they answer; nothing of it may come out on our side.
    const status = this.mode === 'error' ? 500 : this.isGood(authorization) ? 200 : 401;
    const body =
      this.mode === 'garbage' ? `<html>${authorization}` : JSON.stringify({ data: [], you_sent: authorization });
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  private isGood(authorization: string): boolean {
    return this.good.has(authorization.replace(/^Bearer /, ''));
  }
}
