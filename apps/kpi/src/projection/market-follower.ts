import { Inject, Injectable, type INestApplication } from '@nestjs/common';
import { EventServer } from '@gpubroker/events/handlers';
import type { EventLog } from '@gpubroker/platform/events';
import { HealthRegistry, type HealthReport } from '@gpubroker/platform/health';
import { EVENT_LOG } from './event-log.token';
import { CONSUMER_GROUP } from './projection';

/** This replica's part in the group that folds the market. */
@Injectable()
export class MarketFollower {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    health: HealthRegistry,
  ) {
    // Figures of a while ago are better than none; a consumer that makes no progress has to be replaced (SPEC S9).
    health.add({ name: 'events', critical: () => !log.transport.health().healthy, check: () => this.report() });
  }

  /** Once the tables are there: an event that finds none would end in the dead letters. */
  async follow(app: INestApplication): Promise<void> {
    app.connectMicroservice({ strategy: new EventServer({ transport: this.log.transport, group: CONSUMER_GROUP }) });
    await app.startAllMicroservices();
  }

  /** Lets the running fold end. */
  async stop(): Promise<void> {
    await this.log.close();
  }

  private report(): HealthReport {
    const { healthy, subscriptions } = this.log.transport.health();
    const following = subscriptions.some(({ state }) => state === 'running' || state === 'standby');
    return { up: healthy && following, detail: { subscriptions } };
  }
}
