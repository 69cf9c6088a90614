import { SessionLoop, type SessionWork } from '../session/session-loop';
import { WakeSignal } from '../session/wake-signal';
import {
  DeliveryStoppedError,
  EventDelivery,
  type EventHandler,
  type Subscription,
  type SubscriptionHealth,
} from '../transport';
import { ProgressWatch } from '../transport/progress-watch';
import type { SubscriptionMember } from '../transport/subscription-set';
import type { ResolvedTransportOptions } from '../transport/transport-options';
import { logChannel } from './log-schema';
import type { Ask, LogStore } from './log-store';

export interface LogSubscriptionOptions extends ResolvedTransportOptions {
  readonly store: LogStore;
  readonly directUrl: string;
  readonly pollMs: number;
  readonly batchSize: number;
  readonly delivery: EventDelivery;
  /** Creates the tables on first use. */
  ensureSchema(): Promise<void>;
}

/**
 * One subscriber of the log. Of a shared group one member is active, by a session lock, the others stand by; topics are
 * read side by side, each in its order.
 */
export class LogSubscription implements SubscriptionMember {
  private readonly loop: SessionLoop;
  private readonly bells: ReadonlyMap<string, WakeSignal>;
  private readonly watch: ProgressWatch;
  private readonly positions = new Map<string, string>();
  private state: Exclude<SubscriptionHealth['state'], 'stalled'> = 'connecting';
  private readonly placed: Promise<void>;
  private markPlaced: () => void = () => undefined;

  constructor(
    private readonly subscription: Subscription,
    private readonly options: LogSubscriptionOptions,
  ) {
    this.bells = new Map(Object.keys(subscription.handlers).map((topic) => [topic, new WakeSignal()]));
    this.watch = new ProgressWatch(options.stallAfterMs);
    this.placed = new Promise((resolve) => {
      this.markPlaced = resolve;
    });
    this.loop = new SessionLoop(
      { url: options.directUrl, applicationName: `events-${subscription.group}`.slice(0, 60) },
      (work) => this.follow(work),
      (error) => options.observer.connectionFailed?.(`follow the event log as ${subscription.group}`, error),
    );
  }

  /** Resolves when everything appended from now on will be delivered to the group, by this member or another. */
  async start(): Promise<void> {
    this.loop.start();
    await this.placed;
  }

  async close(): Promise<void> {
    await this.loop.stop();
    this.markPlaced();
  }

  health(): SubscriptionHealth {
    const stalled = this.state === 'running' && this.watch.stalled;
    return {
      group: this.subscription.group,
      state: stalled ? 'stalled' : this.state,
      lag: this.watch.currentLag,
    };
  }

  private async follow({ session, signal }: SessionWork): Promise<void> {
    const ask: Ask = (text, values) => session.query(text, values);
    await this.options.ensureSchema();
    await session.listen(logChannel(this.options.store.schema), (topic) => this.bells.get(topic)?.ring());
    await this.takePlace(ask);
    try {
      if (this.subscription.kind === 'shared' && !(await this.takeLead(session, signal))) return;
      this.state = 'running';
      // The lock was held by somebody else until now, so the positions of before it are old.
      if (this.subscription.kind === 'shared') await this.readGroupPositions(ask);
      await this.runTopics(ask, session, signal);
    } finally {
      this.state = 'connecting';
    }
  }

  private async takePlace(ask: Ask): Promise<void> {
    if (this.subscription.kind === 'fanout') {
      for (const topic of this.bells.keys()) {
        // Kept over a lost session: what was appended meanwhile is still to come.
        if (!this.positions.has(topic)) {
          this.positions.set(topic, await this.options.store.startOffset(ask, topic, this.subscription.from));
        }
      }
    }
    this.markPlaced();
  }

  private async takeLead(session: SessionWork['session'], signal: AbortSignal): Promise<boolean> {
    const pause = new WakeSignal();
    const lock = `event-group:${this.options.store.schema}:${this.subscription.group}`;
    while (!signal.aborted) {
      if (await session.tryLock(lock)) return true;
      this.state = 'standby';
      this.watch.reset();
      await pause.wait(this.options.pollMs, signal);
    }
    return false;
  }

  private async readGroupPositions(ask: Ask): Promise<void> {
    for (const topic of this.bells.keys()) {
      this.positions.set(topic, await this.options.store.groupOffset(ask, this.subscription.group, topic));
    }
  }

  /** When one topic fails the session ends for all; a new one must not begin while a handler of this one still runs. */
  private async runTopics(ask: Ask, session: SessionWork['session'], signal: AbortSignal): Promise<void> {
    const endOnFailure = async (work: Promise<void>): Promise<void> => {
      try {
        await work;
      } catch (error) {
        await session.close();
        throw error;
      }
    };
    const loops = Object.entries(this.subscription.handlers).map(([topic, handler]) =>
      endOnFailure(this.followTopic(ask, topic, handler, signal)),
    );
    const results = await Promise.allSettled([...loops, endOnFailure(this.measure(ask, signal))]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async followTopic(ask: Ask, topic: string, handler: EventHandler, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const after = this.positions.get(topic) ?? '0';
      const records = await this.options.store.read(ask, topic, after, this.options.batchSize);
      if (records.length === 0) {
        await this.bells.get(topic)?.wait(this.options.pollMs, signal);
        continue;
      }
      try {
        await this.options.delivery.deliver(records, handler, signal, (record) => {
          this.positions.set(topic, record.offset);
        });
      } catch (error) {
        if (!(error instanceof DeliveryStoppedError)) throw error;
      } finally {
        await this.keepPosition(ask, topic, after);
      }
    }
  }

  private async keepPosition(ask: Ask, topic: string, before: string): Promise<void> {
    const position = this.positions.get(topic);
    if (this.subscription.kind === 'fanout' || position === undefined || position === before) return;
    await this.options.store.keepGroupOffset(ask, this.subscription.group, topic, position);
  }

  private async measure(ask: Ask, signal: AbortSignal): Promise<void> {
    const pause = new WakeSignal();
    while (!signal.aborted) {
      let total = 0;
      for (const [topic, position] of [...this.positions]) {
        const lag = await this.options.store.lagAfter(ask, topic, position);
        this.options.observer.lag?.(this.subscription.group, topic, lag);
        total += lag;
      }
      this.watch.observe(JSON.stringify([...this.positions]), total);
      await pause.wait(this.options.lagEveryMs, signal);
    }
  }
}
