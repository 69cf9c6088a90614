import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OutboxRelay } from '@gpubroker/events/relay';
import { eventObserver, openEventLog, relayObserver, type EventLog } from '@gpubroker/platform/events';
import { InjectLogger } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Logger } from 'pino';
import { ProvidersConfig } from '../providers.config';
import { PROVIDERS_SCHEMA } from './write-offers.sql';

/** Carries recorded changes from the outbox to the log that everybody reads; of all replicas one at a time. */
@Injectable()
export class OutboxRelayService implements OnApplicationShutdown {
  private readonly log: EventLog;
  private readonly relay: OutboxRelay;

  constructor(config: ProvidersConfig, metrics: ServiceMetrics, @InjectLogger() logger: Logger) {
    this.log = openEventLog('providers', config.eventLog, eventObserver(metrics, logger));
    this.relay = new OutboxRelay({
      schema: PROVIDERS_SCHEMA,
      directUrl: config.databaseDirectUrl ?? config.databaseUrl,
      transport: this.log.transport,
      observer: relayObserver(metrics, logger),
    });
  }

  start(): void {
    this.relay.start();
  }

  async stop(): Promise<void> {
    await this.relay.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.log.close();
  }
}
