import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The raw connection of a request that asked for a WebSocket, and the bytes that came right behind it. */
export interface Upgrade {
  readonly connection: Socket;
  readonly head: Buffer;
  readonly response: ServerResponse;
}

/**
 * Sends upgrade requests through the ordinary request pipeline: address by TRUSTED_PROXIES, allowed hosts, trace, log line
 * and error envelope are then those of any request.
 * @returns finds the upgrade of a request, if it is one
 */
export function routeUpgrades(fastify: FastifyInstance): (request: IncomingMessage) => Upgrade | undefined {
  const upgrades = new WeakMap<IncomingMessage, Upgrade>();
  fastify.server.on('upgrade', (request: IncomingMessage, connection: Socket, head: Buffer) => {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(connection);
    // A peer that resets an upgrading connection must not end the process.
    connection.on('error', () => connection.destroy());
    response.once('finish', () => connection.end());
    // Node hands over every offer to upgrade, h2c too, with the parser gone: only a WebSocket can be answered from here.
    if (isWebSocket(request)) upgrades.set(request, { connection, head, response });
    fastify.routing(request, response);
  });
  return (request) => upgrades.get(request);
}

const isWebSocket = (request: IncomingMessage): boolean =>
  request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
