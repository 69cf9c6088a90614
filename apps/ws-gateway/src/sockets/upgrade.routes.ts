import { Inject, Injectable } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { HealthRegistry } from '@gpubroker/platform/health';
import { addressKey, routeUpgrades, type Upgrade } from '@gpubroker/platform/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PriceFollower } from '../delivery/price-follower';
import { WsGatewayConfig } from '../ws-gateway.config';
import { SOCKET_SEATS, type Seat, type SocketSeats } from '../seats/socket-seats';
import { noSeatLeft, refusalOf } from './admission';
import { ClientRegistry } from './client-registry';
import { OwnerFinder } from './owner.finder';
import { holderOf, type SocketOwner } from './socket-owner';
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
    private readonly owners: OwnerFinder,
    @Inject(SOCKET_SEATS) private readonly seats: SocketSeats,
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

  private async letIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { socket, response, release }: Upgrade,
    adapter: SocketAdapter,
  ): Promise<FastifyReply> {
    this.assertRoom(request);
    const address = addressKey(request.ip);
    const owner = await this.owners.find(request);
    const seat = await this.seatFor(owner, address);
    try {
      // Others came in meanwhile.
      this.assertRoom(request);
      if (!socket.destroyed) {
        const visitor = { address, owner, seat, connection: socket };
        adapter.accept(request.raw, visitor, release(), [`X-Trace-Id: ${String(reply.getHeader('x-trace-id'))}`]);
      }
      // It left while it was looked at.
      if (socket.destroyed) seat.release();
    } catch (error) {
      seat.release();
      throw error;
    }
    response.detachSocket(socket);
    // It was held back until somebody reads it; ws has put its listeners on by now.
    socket.resume();
    return reply.hijack();
  }

  /** @throws ApiError RATE_LIMITED */
  private async seatFor(owner: SocketOwner, address: string): Promise<Seat> {
    const limit = owner.kind === 'user' ? owner.wsLimit : this.config.anonymousPerAddress;
    const seat = await this.seats.take(holderOf(owner, address), limit);
    if (seat === null) throw noSeatLeft(owner, limit);
    return seat;
  }

  /** @throws ApiError FORBIDDEN or SERVICE_UNAVAILABLE */
  private assertRoom(request: FastifyRequest): void {
    const refusal = refusalOf({
      ready: this.follower.isAttached && !this.health.isDraining,
      clients: this.clients.size,
      maxClients: this.config.maxClients,
      origin: request.headers.origin,
      host: request.host,
      allowedOrigins: this.config.allowedOrigins,
    });
    if (refusal !== null) throw refusal;
  }
}
