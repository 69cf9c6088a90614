import type { INestApplication } from '@nestjs/common';
import { EventServer } from '@gpubroker/events/handlers';
import type { HealthRegistry, HealthReport } from '../health/health.registry';
import type { EventLog } from './open-event-log';

export interface FollowerOptions {
  /** The service's replicas share the events under this name. */
  readonly group: string;
  /** Whether the service counts as degraded as long as it does not follow the log. Default no. */
  readonly degradedUntilFollowing?: boolean;
}

/** This replica's part in the group that handles the events which its service hears. */
export class EventFollower {
  private attach: (app: INestApplication) => void = () => undefined;
  private readonly attached = new Promise<INestApplication>((resolve) => {
    this.attach = resolve;
  });
  private following: Promise<void> | null = null;

  constructor(
    private readonly options: FollowerOptions,
    private readonly log: EventLog,
    health: HealthRegistry,
  ) {
    // The service answers without the log; a consumer that makes no progress has to be replaced (SPEC S9).
    health.add({ name: 'events', critical: () => !log.transport.health().healthy, check: () => this.report() });
  }

  /** Whose `@OnEvent` methods get the events. */
  serve(app: INestApplication): void {
    this.attach(app);
  }

  /** Once the tables are there: an event that finds none would end in the dead letters. */
  follow(): Promise<void> {
    this.following ??= this.subscribe();
    return this.following;
  }

  /** Lets the running handlers end, and closes the log. */
  async stop(): Promise<void> {
    await this.log.close();
  }

  private async subscribe(): Promise<void> {
    const app = await this.attached;
    const { transport } = this.log;
    app.connectMicroservice({ strategy: new EventServer({ transport, group: this.options.group }) });
    await app.startAllMicroservices();
  }

  private report(): HealthReport {
    const { healthy, subscriptions } = this.log.transport.health();
    const isFollowing = subscriptions.some(({ state }) => state === 'running' || state === 'standby');
    return { up: healthy && (isFollowing || !this.options.degradedUntilFollowing), detail: { subscriptions } };
  }
}
