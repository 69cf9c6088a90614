import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, type HealthReport } from '@gpubroker/platform/health';
import { GATEWAY_ROUTES } from '../api-gateway.tokens';
import type { Peer } from '../proxy/peer';
import { Peers } from '../proxy/peers';
import { peersOf, type Route } from '../routing/route-table';

/** Inside the 60 ms that the platform gives each check. */
const ANSWER_WITHIN_MS = 50;
const BELIEVED_FOR_MS = 1_000;

/** Shows each routed service in /health. None is critical: the gateway still answers for the others. */
@Injectable()
export class PeerHealth implements OnModuleInit {
  private readonly asked = new Map<Peer, { at: number; alive: Promise<boolean> }>();

  constructor(
    private readonly registry: HealthRegistry,
    private readonly peers: Peers,
    @Inject(GATEWAY_ROUTES) private readonly routes: readonly Route[],
  ) {}

  onModuleInit(): void {
    for (const name of peersOf(this.routes)) {
      const peer = this.peers.get(name);
      this.registry.add({ name, critical: () => false, check: () => this.check(peer) });
    }
  }

  private async check(peer: Peer): Promise<HealthReport> {
    const circuit = peer.breaker.state.kind;
    return { up: (await this.isAlive(peer)) && circuit !== 'open', detail: { circuit } };
  }

  /** One question a second at most, however often /health is asked: it is public. */
  private isAlive(peer: Peer): Promise<boolean> {
    const now = performance.now();
    const last = this.asked.get(peer);
    if (last && now - last.at < BELIEVED_FOR_MS) return last.alive;
    const alive = peer.isAlive(ANSWER_WITHIN_MS).catch(() => false);
    this.asked.set(peer, { at: now, alive });
    return alive;
  }
}
