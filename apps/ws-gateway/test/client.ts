import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { PriceUpdate } from '@gpubroker/contracts/events';
import { WebSocket, type ClientOptions } from 'ws';
import { eventually } from './eventually';

export interface ServerMessage {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly { field: string; message: string }[];
  readonly data?: PriceUpdate;
}

/** A real client that remembers all it was sent. */
export class Client {
  readonly messages: ServerMessage[] = [];
  closed: { code: number; reason: string } | null = null;
  pings = 0;
  upgradeHeaders: IncomingMessage['headers'] = {};

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data, isBinary) => {
      if (isBinary) throw new Error('a binary message came');
      this.messages.push(JSON.parse((data as Buffer).toString()) as ServerMessage);
    });
    socket.on('upgrade', ({ headers }: IncomingMessage) => (this.upgradeHeaders = headers));
    socket.on('ping', () => (this.pings += 1));
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
  }

  static async open(url: string, options: ClientOptions = {}): Promise<Client> {
    const client = new Client(new WebSocket(url, options));
    await once(client.socket, 'open');
    return client;
  }

  get updates(): PriceUpdate[] {
    return this.messages.flatMap(({ type, data }) => (type === 'price_update' && data ? [data] : []));
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Sends and waits for the first message of a type that came after. */
  async ask(message: unknown, type: string): Promise<ServerMessage> {
    const from = this.messages.length;
    this.send(message);
    return this.next(type, from);
  }

  async next(type: string, from = 0): Promise<ServerMessage> {
    let found: ServerMessage | undefined;
    await eventually(() => {
      found = this.messages.slice(from).find((one) => one.type === type);
      expect(this.messages.slice(from).map((one) => one.type)).toContain(type);
    });
    return found!;
  }

  async end(): Promise<{ code: number; reason: string }> {
    await eventually(() => expect(this.closed).not.toBeNull());
    return this.closed!;
  }

  stopReading(): void {
    this.socket.pause();
  }

  drop(): void {
    this.socket.terminate();
  }
}

/** The HTTP answer to a handshake that was refused. */
export async function refusal(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingMessage['headers']; body: unknown }> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => undefined);
  const [, answer] = (await Promise.race([
    once(socket, 'unexpected-response'),
    once(socket, 'open').then(() => {
      socket.terminate();
      throw new Error('the handshake was accepted');
    }),
  ])) as [unknown, IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: JSON.parse(Buffer.concat(chunks).toString()) as unknown,
  };
}
