import { Injectable } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { HealthRegistry } from '@gpubroker/platform/health';
import { addressKey, routeUpgrades, type Upgrade } from '@gpubroker/platform/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PriceFollower } from '../delivery/price-follower';
import { WsGatewayConfig } from '../ws-gateway.config';
import { refusalOf } from './admission';
import { ClientRegistry } from './client-registry';
import type { SocketAdapter } from './socket.adapter';

/** With and without a slash at its end. */
const SOCKET_PATH = '/ws';
const isSocketPath = (url: string) => /^\/ws\/?(\?|$)/.test(url);

/** The door for sockets: who may not come in hears it before the switch of protocols. */
@Injectable()
export class UpgradeRoutes {
  constructor(
    private readonly config: WsGatewayConfig,
    private readonly clients: ClientRegistry,
    private readonly follower: PriceFollower,
    private readonly health: HealthRegistry,
  ) {}

  install(fastify: FastifyInstance, adapter: SocketAdapter): void {
    const findUpgrade = routeUpgrades(fastify, isSocketPath);
    fastify.get(SOCKET_PATH, (request, reply) => {
      const upgrade = findUpgrade(request.raw);
      if (upgrade === undefined) throw new ApiError('MALFORMED_REQUEST', 'Only WebSocket connections are taken here');
      return this.letIn(request, reply, upgrade, adapter);
    });
  }

  private letIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { socket, response, release }: Upgrade,
    adapter: SocketAdapter,
  ): FastifyReply {
    const address = addressKey(request.ip);
    const refusal = this.refusalOf(request, address);
    if (refusal !== null) throw refusal;
    adapter.accept(request.raw, { address, connection: socket }, release(), [
      `X-Trace-Id: ${String(reply.getHeader('x-trace-id'))}`,
    ]);
    response.detachSocket(socket);
    // It was held back until somebody reads it; ws has put its listeners on by now.
    socket.resume();
    return reply.hijack();
  }

  private refusalOf(request: FastifyRequest, address: string): ApiError | null {
    return refusalOf({
      ready: this.follower.isAttached && !this.health.isDraining,
      clients: this.clients.size,
      maxClients: this.config.maxClients,
      fromAddress: this.clients.openFrom(address),
      maxPerAddress: this.config.anonymousPerAddress,
      origin: request.headers.origin,
      host: request.host,
      allowedOrigins: this.config.allowedOrigins,
    });
  }
}
