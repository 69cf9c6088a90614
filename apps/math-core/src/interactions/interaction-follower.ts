import { Inject, Injectable, type INestApplication } from '@nestjs/common';
import { EventServer } from '@gpubroker/events/handlers';
import type { EventLog } from '@gpubroker/platform/events';
import { HealthRegistry, type HealthReport } from '@gpubroker/platform/health';
import { EVENT_LOG } from './event-log.token';
import { CONSUMER_GROUP } from './interaction-store';

/** This replica's part in the group that counts what users do. */
@Injectable()
export class InteractionFollower {
  private attach: (app: INestApplication) => void = () => undefined;
  private readonly attached = new Promise<INestApplication>((resolve) => {
    this.attach = resolve;
  });

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    health: HealthRegistry,
  ) {
    // The mathematics goes on without it; a consumer that makes no progress has to be replaced (SPEC S9).
    health.add({ name: 'events', critical: () => !log.transport.health().healthy, check: () => this.report() });
  }

  /** Whose handlers get the events. */
  serve(app: INestApplication): void {
    this.attach(app);
  }

  /** Once the tables are there: an event that finds none would end in the dead letters. */
  async follow(): Promise<void> {
    const app = await this.attached;
    app.connectMicroservice({ strategy: new EventServer({ transport: this.log.transport, group: CONSUMER_GROUP }) });
    await app.startAllMicroservices();
  }

  /** Lets the running handler end. */
  async stop(): Promise<void> {
    await this.log.close();
  }

  private report(): HealthReport {
    const { healthy, subscriptions } = this.log.transport.health();
    return { up: healthy, detail: { subscriptions } };
  }
}
