import { Inject, Injectable, type INestApplication } from '@nestjs/common';
import { EventServer } from '@gpubroker/events/handlers';
import { OutboxRelay } from '@gpubroker/events/relay';
import { relayObserver, type EventLog } from '@gpubroker/platform/events';
import { HealthRegistry } from '@gpubroker/platform/health';
import { InjectLogger } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Logger } from 'pino';
import { AuthConfig } from '../auth.config';
import { AUTH_SCHEMA } from '../auth.database';
import { EVENT_LOG } from './event-log.token';

/** Replicas of auth share the audit entries of the other services under this name. */
export const CONSUMER_GROUP = 'auth';

/** Events out (the outbox of auth) and in (audit entries of the other services). */
@Injectable()
export class EventTraffic {
  private readonly relay: OutboxRelay;
  private attach: (app: INestApplication) => void = () => undefined;
  private readonly attached = new Promise<INestApplication>((resolve) => {
    this.attach = resolve;
  });
  private started = false;

  constructor(
    config: AuthConfig,
    metrics: ServiceMetrics,
    health: HealthRegistry,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @InjectLogger() logger: Logger,
  ) {
    this.relay = new OutboxRelay({
      schema: AUTH_SCHEMA,
      directUrl: config.databaseDirectUrl ?? config.databaseUrl,
      transport: log.transport,
      observer: relayObserver(metrics, logger),
    });
    // A consumer that makes no progress has to be replaced (SPEC S9); without the log people still sign in.
    health.add({
      name: 'events',
      critical: () => !log.transport.health().healthy,
      check: () => ({ up: log.transport.health().healthy, detail: log.transport.health().subscriptions }),
    });
  }

  /** Whose handlers get the events. */
  serve(app: INestApplication): void {
    this.attach(app);
  }

  /** Once the tables are there: an event that finds none would end in the dead letters. */
  async start(): Promise<void> {
    if (this.started) return;
    this.started = true;
    this.relay.start();
    const app = await this.attached;
    app.connectMicroservice({ strategy: new EventServer({ transport: this.log.transport, group: CONSUMER_GROUP }) });
    await app.startAllMicroservices();
  }

  /** Lets what is under way end. */
  async stop(): Promise<void> {
    await this.relay.stop();
    await this.log.close();
  }
}
