import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The raw connection of a request that asked for an upgrade. */
export interface Upgrade {
  readonly socket: Socket;
  readonly response: ServerResponse;
  /** Gives the connection away, with the bytes that came before anybody was ready for them. */
  readonly release: () => Buffer;
}

/** A client has nothing to say before it is answered. */
const EARLY_BYTES = 64 * 1024;

/**
 * Sends WebSocket upgrades through the ordinary request pipeline, so that trace, limits, allowed hosts and the error envelope
 * are the same for them. Every other upgrade goes back to the HTTP parser as if it had not asked.
 * @returns finds the upgrade of a request, if it is one
 */
export function routeUpgrades(
  fastify: FastifyInstance,
  takes: (path: string) => boolean,
): (request: IncomingMessage) => Upgrade | undefined {
  const upgrades = new WeakMap<IncomingMessage, Upgrade>();
  fastify.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (!isWebSocket(request) || !takes(request.url ?? '')) {
      parseAgain(fastify, request, socket, head);
      return;
    }
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => {
      socket.end();
    });
    upgrades.set(request, { socket, response, release: holdBack(socket, head) });
    fastify.routing(request, response);
  });
  return (request) => upgrades.get(request);
}

/** Keeps reading: the end of a connection that nobody reads is never noticed, and its caller waited for in vain. */
function holdBack(socket: Socket, head: Buffer): () => Buffer {
  const early = [head];
  let size = head.length;
  const leave = () => socket.destroy();
  const onData = (chunk: Buffer) => {
    early.push(chunk);
    size += chunk.length;
    if (size > EARLY_BYTES) leave();
  };
  // Without a listener a peer that resets the connection would end the process.
  socket.on('data', onData).on('end', leave).on('error', leave);
  return () => {
    socket.pause().off('data', onData).off('end', leave);
    return Buffer.concat(early);
  };
}

const isWebSocket = (request: IncomingMessage): boolean =>
  request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Once anybody listens for upgrades, Node hands over each request that offers one and parses no body for it. Java's HTTP client
 * offers h2c on every plain-text request, POSTs included; its offer is taken out and the bytes are put back.
 */
function parseAgain(fastify: FastifyInstance, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/${request.httpVersion}`];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? '';
    const value = request.rawHeaders[at + 1] ?? '';
    const kept = withoutOffer(name.toLowerCase(), value);
    if (kept !== null) lines.push(`${name}: ${kept}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  fastify.server.emit('connection', socket);
}

function withoutOffer(name: string, value: string): string | null {
  if (name === 'upgrade' || name === 'http2-settings') return null;
  if (name !== 'connection') return value;
  const options = value.split(',').map((option) => option.trim());
  return options.filter((option) => !/^(upgrade|http2-settings)$/i.test(option)).join(', ') || null;
}
