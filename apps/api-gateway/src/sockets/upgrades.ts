import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The raw connection of a request that asked for an upgrade, and the bytes that came right behind it. */
export interface Upgrade {
  readonly socket: Socket;
  readonly head: Buffer;
  readonly response: ServerResponse;
}

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
    // A peer that resets an upgrading connection must not end the process.
    socket.on('error', () => socket.destroy());
    response.once('finish', () => {
      socket.end();
    });
    upgrades.set(request, { socket, head, response });
    fastify.routing(request, response);
  });
  return (request) => upgrades.get(request);
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
