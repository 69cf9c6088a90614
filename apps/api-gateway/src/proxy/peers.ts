import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { reportCircuits, ServiceMetrics } from '@gpubroker/platform/metrics';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { GATEWAY_CONFIG } from '../api-gateway.tokens';
import type { ApiGatewayConfig } from '../api-gateway.config';
import type { PeerName } from '../routing/peer-name';
import { Peer } from './peer';

/** The services behind the gateway, each made when it is first asked for. */
@Injectable()
export class Peers implements OnApplicationShutdown {
  private readonly made = new Map<PeerName, Peer>();

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: ApiGatewayConfig,
    @InjectLogger() private readonly logger: Logger,
    metrics: ServiceMetrics,
  ) {
    reportCircuits(metrics, () => [...this.made.values()].map(({ name, breaker: { state } }) => ({ name, state })));
  }

  get(name: PeerName): Peer {
    const known = this.made.get(name);
    if (known) return known;
    const peer = new Peer(name, this.config.peers[name], this.config.upstream);
    peer.breaker.onTransition(({ from, to }) => {
      this.logger.warn({ peer: name, from, to }, 'a circuit changed its state');
    });
    this.made.set(name, peer);
    return peer;
  }

  /** After the last answer has been sent: Nest calls this once the HTTP server is closed. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.made.values()].map((peer) => peer.close()));
  }
}
