import type { IncomingMessage } from 'node:http';
import type { WebSocketAdapter } from '@nestjs/common';
import type { ErrorCode } from '@gpubroker/contracts/errors';
import { ApiError, toApiError } from '@gpubroker/platform/errors';
import { WebSocket, WebSocketServer, type RawData, type ServerOptions } from 'ws';
import { binaryMessage, readClientMessage } from './client-message';
import type { ClientRegistry } from './client-registry';
import { errorMessage } from './server-messages';
import type { SocketClient, Visitor } from './socket-client';
import type { SocketMetrics } from './socket.metrics';

const MAX_FRAME_BYTES = 64 * 1024;
const CLOSE_TIMEOUT_MS = 5_000;
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
/** The published types do not know closeTimeout yet. */
const SERVER_OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  maxPayload: MAX_FRAME_BYTES,
  perMessageDeflate: false,
  closeTimeout: CLOSE_TIMEOUT_MS,
};
/** How long clients have to answer the good-bye of a stopping replica. */
const FAREWELL_MS = 1_000;

export interface MessageHandler {
  readonly message: string;
  readonly callback: (message: unknown) => unknown;
}

/**
 * Nest's side of plain `ws`. Its own WsAdapter switches protocols before anybody is asked, takes frames of 100 MiB, expects
 * `{event, data}` and drops what it cannot read without a word.
 */
export class SocketAdapter implements WebSocketAdapter<WebSocketServer, WebSocket> {
  private readonly server = new WebSocketServer(SERVER_OPTIONS);

  constructor(
    private readonly clients: ClientRegistry,
    private readonly metrics: SocketMetrics,
  ) {}

  create(): WebSocketServer {
    return this.server;
  }

  /**
   * Switches protocols, or throws when the request is no proper WebSocket handshake.
   * @param headers further lines of the answer
   * @throws ApiError MALFORMED_REQUEST
   */
  accept(request: IncomingMessage, visitor: Visitor, head: Buffer, headers: readonly string[]): void {
    const problems: string[] = [];
    const addHeaders = (lines: string[]): void => void lines.push(...headers);
    const refuse = (error: Error): void => {
      problems.push(error.message);
    };
    this.server.once('headers', addHeaders).once('wsClientError', refuse);
    try {
      this.server.handleUpgrade(request, visitor.connection, head, (socket) => {
        this.server.emit('connection', socket, visitor);
      });
    } finally {
      this.server.off('headers', addHeaders).off('wsClientError', refuse);
    }
    for (const problem of problems) throw new ApiError('MALFORMED_REQUEST', problem);
  }

  bindClientConnect(server: WebSocketServer, callback: (socket: WebSocket, visitor: Visitor) => void): void {
    server.on('connection', callback);
  }

  bindClientDisconnect(socket: WebSocket, callback: () => void): void {
    socket.once('close', callback);
  }

  bindMessageHandlers(socket: WebSocket, handlers: readonly MessageHandler[]): void {
    const client = this.clients.of(socket);
    if (client === undefined) return;
    // ws closes by itself, with 1009, 1007 or 1002. Unheard, the error would end the process.
    socket.on('error', (error) => this.metrics.mistake(brokenFrameCode(error)));
    socket.on('ping', () => this.mayGoOn(client));
    socket.on('message', (data, isBinary) => {
      if (this.mayGoOn(client)) this.dispatch(client, handlers, data, isBinary);
    });
  }

  /** Ends the sockets before the HTTP server, which would wait for them. */
  async close(): Promise<void> {
    for (const client of this.clients.all()) client.close(GOING_AWAY, 'the service is stopping');
    const deadline = performance.now() + FAREWELL_MS;
    while (this.clients.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    for (const client of this.clients.all()) client.drop();
  }

  /** Nest calls it whether or not it is there. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }

  private dispatch(client: SocketClient, handlers: readonly MessageHandler[], data: RawData, isBinary: boolean): void {
    try {
      if (isBinary) throw binaryMessage();
      const message = readClientMessage(textOf(data));
      handlers.find((handler) => handler.message === message.type)?.callback(message);
    } catch (error) {
      this.refuse(client, toApiError(error));
    }
  }

  private mayGoOn(client: SocketClient): boolean {
    if (!client.isOpen) return false;
    const spending = client.budget.spend(performance.now());
    if (spending === 'exhausted') client.expel(POLICY_VIOLATION, 'too many messages', 'too_many_messages');
    else if (client.budget.isFirstRefusal) this.refuse(client, new ApiError('RATE_LIMITED', 'Too many messages'));
    return spending === 'taken';
  }

  private refuse(client: SocketClient, error: ApiError): void {
    this.metrics.mistake(error.code);
    client.send(errorMessage(error));
  }
}

function brokenFrameCode(error: Error): ErrorCode {
  const tooLarge = 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
  return tooLarge ? 'PAYLOAD_TOO_LARGE' : 'MALFORMED_REQUEST';
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString();
}
