import { Inject, Injectable } from '@nestjs/common';
import { OutboxRelay } from '@gpubroker/events/relay';
import { relayObserver, type EventLog } from '@gpubroker/platform/events';
import { InjectLogger } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Logger } from 'pino';
import { EVENT_LOG } from '../interactions/event-log.token';
import { MathCoreConfig } from '../math-core.config';
import { MATH_CORE_SCHEMA } from './audit-outbox';

/** Carries the record of what administrators do to the log, from where auth takes it; of all replicas one at a time. */
@Injectable()
export class AuditRelay {
  private readonly relay: OutboxRelay;

  constructor(
    config: MathCoreConfig,
    metrics: ServiceMetrics,
    @Inject(EVENT_LOG) log: EventLog,
    @InjectLogger() logger: Logger,
  ) {
    this.relay = new OutboxRelay({
      schema: MATH_CORE_SCHEMA,
      directUrl: config.databaseDirectUrl ?? config.databaseUrl,
      transport: log.transport,
      observer: relayObserver(metrics, logger),
    });
  }

  /** Once its table is there. */
  start(): void {
    this.relay.start();
  }

  /** Before the event log is closed. */
  stop(): Promise<void> {
    return this.relay.stop();
  }
}
