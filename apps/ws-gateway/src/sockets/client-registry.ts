import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { AccessClaims } from '@gpubroker/contracts/auth';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { WsGatewayConfig } from '../ws-gateway.config';
import { SocketClient, type Visitor } from './socket-client';
import { SocketMetrics } from './socket.metrics';
import type { CutReason } from './upkeep';

const LONGEST_ROUND_MS = 1_000;
const POLICY_VIOLATION = 1008;

/** The sockets that are open at this replica. */
@Injectable()
export class ClientRegistry implements OnModuleInit, BeforeApplicationShutdown {
  private readonly clients = new Map<WebSocket, SocketClient>();
  private rounds: NodeJS.Timeout | null = null;

  constructor(
    private readonly config: WsGatewayConfig,
    private readonly metrics: SocketMetrics,
    @InjectLogger() private readonly logger: Logger,
  ) {
    metrics.countClients(() => this.size);
  }

  onModuleInit(): void {
    this.rounds = setInterval(() => this.lookAfterAll(), Math.min(LONGEST_ROUND_MS, this.config.heartbeatMs / 4));
    this.rounds.unref();
  }

  beforeApplicationShutdown(): void {
    if (this.rounds !== null) clearInterval(this.rounds);
  }

  get size(): number {
    return this.clients.size;
  }

  all(): Iterable<SocketClient> {
    return this.clients.values();
  }

  /** Whether anybody's filters ask for more than a price change carries. */
  get someAskForFacts(): boolean {
    for (const client of this.clients.values()) if (client.asksForFacts) return true;
    return false;
  }

  of(socket: WebSocket): SocketClient | undefined {
    return this.clients.get(socket);
  }

  add(socket: WebSocket, visitor: Visitor): SocketClient {
    const client = new SocketClient(socket, visitor, this.config, (reason) => this.noteCut(client, reason));
    this.clients.set(socket, client);
    this.metrics.opened();
    return client;
  }

  remove(socket: WebSocket): void {
    const client = this.clients.get(socket);
    if (client === undefined) return;
    client.endReplay();
    this.clients.delete(socket);
    client.leaveSeat();
  }

  /** Ends the sockets whose owner may no longer have them. */
  expelRevoked(isRevoked: (claims: AccessClaims) => boolean): void {
    for (const client of this.clients.values())
      if (client.isOpen && client.owner.kind === 'user' && isRevoked(client.owner.claims))
        client.expel(POLICY_VIOLATION, 'signed out', 'revoked');
  }

  private lookAfterAll(): void {
    const now = performance.now();
    const time = Date.now();
    for (const client of this.clients.values()) {
      if (client.isOpen && client.hasExpired(time))
        client.expel(POLICY_VIOLATION, 'the token has expired', 'token_expired');
      else client.lookAfter(now);
    }
  }

  private noteCut(client: SocketClient, reason: CutReason): void {
    this.metrics.cut(reason);
    this.logger.info({ reason, address: client.address }, 'socket cut');
  }
}
