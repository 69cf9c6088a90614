import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { offers, priceUpdates, providerSyncs } from '@gpubroker/contracts/events';
import type { EventHandlers } from '@gpubroker/events/transport';
import { eventObserver, openEventLog, type EventLog } from '@gpubroker/platform/events';
import { InjectLogger } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Logger } from 'pino';
import { GATEWAY_CONFIG } from '../api-gateway.tokens';
import type { ApiGatewayConfig } from '../api-gateway.config';
import { AnswerCache } from './answer-cache';

/**
 * The event may be here before every replica of providers has the change in memory; an answer asked for in between is
 * dropped again when they must have it: after the notification, and after the poll behind it.
 */
const DROP_AGAIN_MS = [250, 1_500] as const;

/** Drops kept answers as soon as an offer changes, in every replica; without the event log nothing is kept at all. */
@Injectable()
export class CatalogueWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log: EventLog | null;
  private readonly closing = new AbortController();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    @Inject(GATEWAY_CONFIG) { eventLog }: ApiGatewayConfig,
    private readonly answers: AnswerCache,
    metrics: ServiceMetrics,
    @InjectLogger() private readonly logger: Logger,
  ) {
    const reachable = eventLog.databaseUrl !== null || eventLog.kafkaBrokers.length > 0;
    this.log = reachable ? openEventLog('api-gateway', eventLog, eventObserver(metrics, logger)) : null;
  }

  /** Whether a change would be heard now. */
  get isWatching(): boolean {
    return this.log?.transport.health().subscriptions.some(({ state }) => state === 'running') ?? false;
  }

  onApplicationBootstrap(): void {
    const handle = () => {
      this.drop();
      return Promise.resolve();
    };
    const drop = { kind: 'batch', handle } as const;
    const handlers: EventHandlers = { [offers.topic]: drop, [priceUpdates.topic]: drop, [providerSyncs.topic]: drop };
    this.log?.transport
      .subscribe({ kind: 'fanout', group: 'api-gateway', from: 'latest', handlers }, this.closing.signal)
      .catch((error: unknown) => {
        if (!this.closing.signal.aborted)
          this.logger.error({ err: error }, 'offer changes cannot be followed: nothing is kept');
      });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    for (const timer of this.timers) clearTimeout(timer);
    await this.log?.close();
  }

  private drop(): void {
    this.answers.clear();
    for (const delay of DROP_AGAIN_MS) {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.answers.clear();
      }, delay);
      this.timers.add(timer);
    }
  }
}
