import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LambdaMode = 'ok' | 'error' | 'garbage' | 'hang' | 'reset';

/** A server that knows which keys are good, as Lambda's `GET /instances` does, or misbehaves. */
export class LambdaCloud {
  mode: LambdaMode = 'ok';
  /** For questions about keys alone; null: as `mode` says. */
  keysMode: LambdaMode | null = null;
  readonly good = new Set<string>();
  /** Authorization headers of questions about keys, in their order. */
  readonly seen: string[] = [];
  /** Those of questions about what is on offer. */
  readonly pulls: string[] = [];
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
    const isPull = request.url === '/instance-types';
    (isPull ? this.pulls : this.seen).push(authorization);
    const mode = isPull ? this.mode : (this.keysMode ?? this.mode);
    if (mode === 'hang') return;
    if (mode === 'reset') {
      response.destroy();
      return;
    }
    // Clouds repeat keys in what they answer; nothing of it may come out on our side.
    const status = mode === 'error' ? 500 : isPull || mode === 'garbage' || this.isGood(authorization) ? 200 : 401;
    const body =
      mode === 'garbage'
        ? `<html>${authorization}`
        : JSON.stringify({ data: isPull ? {} : [], you_sent: authorization });
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  private isGood(authorization: string): boolean {
    return this.good.has(authorization.replace(/^Bearer /, ''));
  }
}
