import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '@gpubroker/platform/errors';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Socket } from 'node:net';
import { GATEWAY_CONFIG } from '../api-gateway.tokens';
import type { ApiGatewayConfig } from '../api-gateway.config';
import { toCallerHeaders } from '../proxy/answer-headers';
import { callerOf, goneSignal, pathOf } from '../proxy/caller';
import { Identities } from '../identity/identities';
import { CallerGoneError, toGatewayError } from '../proxy/peer-failure';
import { Peers } from '../proxy/peers';
import { toServiceHeaders } from '../proxy/request-headers';
import { SOCKET_ROUTE } from '../routing/route-table';
import { tunnel } from './tunnel';
import { openUpstream, type SwitchedAnswer, type UpgradeAnswer } from './upstream-upgrade';
import { routeUpgrades, type Upgrade } from '@gpubroker/platform/http';

/** WebSockets: the handshake is routed like any request, then the two connections are joined. */
@Injectable()
export class SocketRoutes implements BeforeApplicationShutdown {
  private readonly open = new Set<Socket>();

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: ApiGatewayConfig,
    private readonly peers: Peers,
    private readonly identities: Identities,
    metrics: ServiceMetrics,
  ) {
    metrics.gauge('gpubroker_gateway_sockets', 'WebSockets passed through at this moment', [], (gauge) => {
      gauge.set(this.open.size);
    });
  }

  install(fastify: FastifyInstance): void {
    const { prefix } = SOCKET_ROUTE;
    const findUpgrade = routeUpgrades(fastify, (url) => /^\/ws(?:[/?]|$)/.test(url));
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const upgrade = findUpgrade(request.raw);
      if (!upgrade) throw new ApiError('MALFORMED_REQUEST', 'Only WebSocket connections are taken here');
      // Without a token a socket is anonymous; with a bad one it is refused.
      if (this.identities.of(request).kind !== 'anonymous') this.identities.assertUser(request);
      await this.connect(request, reply, upgrade);
    };
    for (const url of [prefix, `${prefix}/*`]) fastify.get(url, handler);
  }

  /** A stopping process waits for its connections, and these never end by themselves. */
  beforeApplicationShutdown(): void {
    for (const socket of this.open) socket.end(() => socket.destroy());
  }

  private async connect(request: FastifyRequest, reply: FastifyReply, upgrade: Upgrade): Promise<void> {
    const answer = await this.ask(request, reply);
    if (answer === null) reply.hijack();
    else if (answer.kind === 'switched') this.join(upgrade, answer, reply);
    else await reply.code(answer.status).headers(toCallerHeaders(answer.headers, undefined)).send(answer.body);
  }

  /** null: the caller hung up. */
  private async ask(request: FastifyRequest, reply: FastifyReply): Promise<UpgradeAnswer | null> {
    const { breaker, origin } = this.peers.get(SOCKET_ROUTE.peer);
    const path = pathOf(request.raw.url ?? '/');
    const headers = toServiceHeaders(request.headers, callerOf(request));
    const limits = { signal: goneSignal(reply.raw), timeoutMs: this.config.upstream.answerTimeoutMs };
    try {
      return await breaker.execute((within) => openUpstream({ origin, path, headers }, within), limits);
    } catch (error) {
      if (error instanceof CallerGoneError) return null;
      throw toGatewayError(SOCKET_ROUTE.peer, error);
    }
  }

  private join({ socket, response, release }: Upgrade, answer: SwitchedAnswer, reply: FastifyReply): void {
    reply.hijack();
    response.detachSocket(socket);
    socket.write(switchingHead(answer.rawHeaders, reply));
    if (answer.head.length > 0) socket.write(answer.head);
    const early = release();
    if (early.length > 0) answer.socket.write(early);
    this.open.add(socket);
    tunnel(socket, answer.socket, () => this.open.delete(socket));
  }
}

/** The service's own words, with the trace and the limit that the gateway puts on every answer. */
function switchingHead(rawHeaders: readonly string[], reply: FastifyReply): string {
  const lines = ['HTTP/1.1 101 Switching Protocols'];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!isGatewayHeader(name)) lines.push(`${name}: ${value}`);
  }
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (isGatewayHeader(name)) lines.push(`${name}: ${String(value)}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const isGatewayHeader = (name: string): boolean => /^(x-trace-id|ratelimit-.*)$/i.test(name);
