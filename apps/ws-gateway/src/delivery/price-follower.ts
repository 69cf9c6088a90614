import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type INestApplication } from '@nestjs/common';
import { EventServer } from '@gpubroker/events/handlers';
import { EVENT_LOG, type EventLog } from '@gpubroker/platform/events';
import { HealthRegistry, type HealthReport } from '@gpubroker/platform/health';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { StartAt } from '@gpubroker/events/transport';
import type { Logger } from 'pino';
import { Backlog } from '../replay/backlog';
import { fillBacklog } from '../replay/backlog.filler';
import { OfferBook } from '../subscriptions/offer-book';
import { fillOfferBook } from '../subscriptions/offer-book.filler';
import { WsGatewayConfig } from '../ws-gateway.config';

export const CONSUMER_GROUP = 'ws-gateway';
const RETRY_MS = 500;
/** A log that keeps much of `offers` is read on behind: until then filters let pass what is not known. */
const FACTS_WAIT_MS = 5_000;

/** Attaches this replica to the log: first what happened lately, then everything that happens. */
@Injectable()
export class PriceFollower implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private attaching: Promise<void> = Promise.resolve();
  private attached = false;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly config: WsGatewayConfig,
    private readonly backlog: Backlog,
    private readonly book: OfferBook,
    health: HealthRegistry,
    @InjectLogger() private readonly logger: Logger,
  ) {
    health.add({ name: 'events', critical: () => true, check: () => this.report() });
    if (config.events.databaseUrl !== null) {
      health.add({
        name: 'database',
        critical: () => false,
        check: async () => ({ up: (await log.isDatabaseUp()) === true }),
      });
    }
  }

  /** True once every price change from now on will be delivered, and earlier ones can be replayed. */
  get isAttached(): boolean {
    return this.attached;
  }

  /** Does not wait for the log: the service starts, and says that it is not ready, without it. */
  start(app: INestApplication): void {
    this.attaching = this.attach(app).catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.logger.error({ err: error }, 'the price feed could not be attached');
    });
  }

  /** Before the event server is closed: closing the log is what ends a subscription that is still waiting for it. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.log.close();
    await this.attaching;
  }

  private async attach(app: INestApplication): Promise<void> {
    const from = await this.fillBacklog();
    this.stopping.signal.throwIfAborted();
    const server = new EventServer({ transport: this.log.transport, group: CONSUMER_GROUP, fanout: { from } });
    app.connectMicroservice({ strategy: server });
    await app.startAllMicroservices();
    await server.subscribed();
    await this.fillBook();
    this.attached = !this.stopping.signal.aborted;
    this.logger.info({ replayable: this.backlog.end - this.backlog.first }, 'following price changes');
  }

  /** Followed already: what changes while the facts are read is newer than what is read. */
  private async fillBook(): Promise<void> {
    const filled = this.untilRead(() => fillOfferBook(this.log.transport, this.book)).catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.logger.error({ err: error }, 'the facts of offers could not be read');
    });
    const late = new AbortController();
    await Promise.race([filled, sleep(FACTS_WAIT_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
  }

  private fillBacklog(): Promise<StartAt> {
    const since = new Date(Date.now() - this.config.replayMs);
    const options = { since, capacity: this.config.replayEvents, signal: this.stopping.signal };
    return this.untilRead(() => fillBacklog(this.log.transport, this.backlog, options));
  }

  /** @throws when the service stops meanwhile */
  private async untilRead<T>(read: () => Promise<T>): Promise<T> {
    const { signal } = this.stopping;
    for (;;) {
      try {
        return await read();
      } catch (error) {
        signal.throwIfAborted();
        this.logger.warn({ err: error }, 'the event log cannot be read yet, trying again');
        await sleep(RETRY_MS, undefined, { signal });
      }
    }
  }

  private report(): HealthReport {
    const { healthy, subscriptions } = this.log.transport.health();
    const running = subscriptions.length > 0 && subscriptions.every(({ state }) => state === 'running');
    return { up: this.attached && healthy && running, detail: { attached: this.attached, subscriptions } };
  }
}
