import type { IncomingMessage, ServerResponse } from 'node:http';
import { LocalServer } from '@gpubroker/testing/local-server';

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
  private readonly server = new LocalServer((request, response) => this.answer(request, response));

  start(): Promise<string> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
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
