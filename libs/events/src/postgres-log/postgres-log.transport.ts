import type { Pool } from 'pg';
import {
  EventDelivery,
  isDeadLetterTopic,
  type CompactedSnapshot,
  type EventRecord,
  type EventTransport,
  type RunningSubscription,
  type StartAt,
  type StoredRecord,
  type Subscription,
  type TopicLag,
  type TransportHealth,
  type TransportOptions,
} from '../transport';
import { assertPublishable } from '../transport/publishable';
import { assertSubscribable } from '../transport/subscribable';
import { SubscriptionSet } from '../transport/subscription-set';
import { resolveTransportOptions, type ResolvedTransportOptions } from '../transport/transport-options';
import { DEFAULT_LOG_RETENTION, type LogRetention } from './log-retention';
import { LogStore, type Ask } from './log-store';
import { LogSubscription } from './log-subscription';

export interface PostgresLogOptions extends TransportOptions {
  /** For appends and reads; may go through PgBouncer. */
  readonly pool: Pool;
  /** DATABASE_DIRECT_URL: each subscription holds one session of its own to it. */
  readonly directUrl: string;
  /** Where event_log lives. Default `events`. */
  readonly schema?: string;
  /** The poll behind the notification, and how often a member that stands by asks for the lead. Default 1,000. */
  readonly pollMs?: number;
  /** Records read, and positions kept, at once. Default 200. */
  readonly batchSize?: number;
  readonly retention?: Partial<LogRetention>;
  /** Default 600,000. */
  readonly trimEveryMs?: number;
}

const REPLAY_BATCH = 1_000;
const TRIM_BATCH = 10_000;

/** The embedded filling of the event transport: one table, woken by NOTIFY. */
export class PostgresLogTransport implements EventTransport {
  private readonly store: LogStore;
  private readonly resolved: ResolvedTransportOptions;
  private readonly retention: LogRetention;
  private readonly subscriptions = new SubscriptionSet();
  private schemaReady: Promise<void> | null = null;
  private trimmer: NodeJS.Timeout | null = null;

  constructor(private readonly options: PostgresLogOptions) {
    this.store = new LogStore(options.schema ?? 'events');
    this.resolved = resolveTransportOptions(options);
    this.retention = { ...DEFAULT_LOG_RETENTION, ...options.retention };
  }

  async publish(records: readonly EventRecord[]): Promise<void> {
    if (records.length === 0) return;
    assertPublishable(this.resolved.catalog, records);
    await this.ensureSchema();
    await this.store.append(this.options.pool, records);
  }

  async subscribe(subscription: Subscription, signal?: AbortSignal): Promise<RunningSubscription> {
    assertSubscribable(this.resolved.catalog, subscription);
    const running = new LogSubscription(subscription, {
      ...this.resolved,
      store: this.store,
      directUrl: this.options.directUrl,
      pollMs: this.options.pollMs ?? 1_000,
      batchSize: this.options.batchSize ?? 200,
      delivery: new EventDelivery({
        ...this.resolved,
        group: subscription.group,
        publish: (records) => this.publish(records),
      }),
      ensureSchema: () => this.ensureSchema(),
    });
    return this.subscriptions.start(running, signal);
  }

  async *replay(topic: string, from: StartAt): AsyncIterable<StoredRecord> {
    await this.ensureSchema();
    const end = BigInt(await this.store.lastOffset(this.ask, topic));
    let after = await this.store.startOffset(this.ask, topic, from);
    for (;;) {
      const records = await this.store.read(this.ask, topic, after, REPLAY_BATCH);
      for (const record of records) {
        if (BigInt(record.offset) > end) return;
        yield record;
        after = record.offset;
      }
      if (records.length < REPLAY_BATCH) return;
    }
  }

  async readCompacted(topic: string): Promise<CompactedSnapshot> {
    await this.ensureSchema();
    const end = await this.store.lastOffset(this.ask, topic);
    return { records: await this.store.readNewestPerKey(this.ask, topic, end), position: { 0: end } };
  }

  async lag(group: string, topics: readonly string[]): Promise<readonly TopicLag[]> {
    await this.ensureSchema();
    return this.store.groupLag(this.ask, group, topics);
  }

  health(): TransportHealth {
    return this.subscriptions.health();
  }

  /** Removes what the retention no longer asks for; runs by itself every now and then. @returns how many records */
  async trim(now = new Date()): Promise<number> {
    await this.ensureSchema();
    let removed = 0;
    for (const topic of await this.store.topics(this.ask)) {
      for (let batch = TRIM_BATCH; batch === TRIM_BATCH; removed += batch) batch = await this.trimTopic(topic, now);
    }
    return removed;
  }

  async close(): Promise<void> {
    if (this.trimmer !== null) clearInterval(this.trimmer);
    await this.subscriptions.close();
  }

  private readonly ask: Ask = async <Row extends object>(text: string, values: readonly unknown[]) => {
    const { rows } = await this.options.pool.query<Row & Record<string, unknown>>(text, [...values]);
    return rows;
  };

  private async trimTopic(topic: string, now: Date): Promise<number> {
    const { maxAgeMs, maxRecords, deadLetterMaxAgeMs, replacedAfterMs } = this.retention;
    const before = (ageMs: number): Date => new Date(now.getTime() - ageMs);
    if (this.resolved.catalog.get(topic)?.compacted === true) {
      return this.store.removeReplaced(this.ask, topic, before(replacedAfterMs), TRIM_BATCH);
    }
    const age = isDeadLetterTopic(topic) ? deadLetterMaxAgeMs : maxAgeMs;
    return this.store.removeOld(this.ask, topic, before(age), maxRecords, TRIM_BATCH);
  }

  /** On first use, so that a service starts without its database and goes on when it is there. */
  private async ensureSchema(): Promise<void> {
    this.schemaReady ??= this.store.createSchema(this.options.pool);
    try {
      await this.schemaReady;
    } catch (error) {
      this.schemaReady = null;
      throw error;
    }
    this.trimmer ??= this.startTrimmer();
  }

  private startTrimmer(): NodeJS.Timeout {
    const timer = setInterval(() => {
      this.trim().catch((error: unknown) => this.resolved.observer.connectionFailed?.('trim the event log', error));
    }, this.options.trimEveryMs ?? 600_000);
    timer.unref();
    return timer;
  }
}
