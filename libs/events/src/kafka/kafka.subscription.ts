import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import {
  deadLetterTopic,
  DeliveryStoppedError,
  EventDelivery,
  type EventRecord,
  type StartAt,
  type Subscription,
  type SubscriptionHealth,
} from '../transport';
import { ProgressWatch } from '../transport/progress-watch';
import type { SubscriptionMember } from '../transport/subscription-set';
import type { ResolvedTransportOptions } from '../transport/transport-options';
import { offsetAfter, recordsBehind, toStoredRecord, type PartitionRange } from './kafka-records';

export interface MemberOptions {
  /** A member that was not heard of for this long has left its group. Default 15,000. */
  readonly sessionTimeoutMs?: number;
}

const HEARTBEAT_MS = 1_000;
/** The position is kept after at most this many records. */
const COMMIT_EVERY = 200;
/** Partitions handled side by side: an event that is being retried holds up its own partition only. */
const PARTITIONS_AT_ONCE = 4;
const RESTART_DELAY_MS = 1_000;

/** What a subscription asks of its transport. */
export interface TransportDoor {
  publish(records: readonly EventRecord[]): Promise<void>;
  ensureTopics(topics: readonly string[]): Promise<void>;
  ranges(topic: string): Promise<PartitionRange[]>;
  startOffsets(topic: string, from: StartAt): Promise<Map<number, string>>;
  committed(group: string, topics: readonly string[]): Promise<Map<string, Map<number, string>>>;
  deleteGroup(group: string): Promise<void>;
}

/** One member of a group: it reads its partitions, commits what was handled, and joins again by itself. */
export class KafkaSubscription implements SubscriptionMember {
  private readonly topics: readonly string[];
  private readonly groupId: string;
  private readonly delivery: EventDelivery;
  private readonly watch: ProgressWatch;
  private readonly stopping = new AbortController();
  /** Next offsets of a fan-out subscriber by topic and partition: it keeps its place by itself. */
  private readonly places = new Map<string, Map<number, string>>();
  private consumer: Consumer | null = null;
  /** Null while the group is being formed: whose partitions they are is not known. */
  private assignment: Readonly<Record<string, readonly number[]>> | null = null;
  private starting: Promise<void> = Promise.resolve();
  private restarting: Promise<void> = Promise.resolve();
  private measuring: Promise<void> = Promise.resolve();

  constructor(
    private readonly kafka: Kafka,
    private readonly subscription: Subscription,
    private readonly options: MemberOptions,
    private readonly resolved: ResolvedTransportOptions,
    private readonly door: TransportDoor,
  ) {
    this.topics = Object.keys(subscription.handlers);
    this.groupId = subscription.kind === 'shared' ? subscription.group : `${subscription.group}-${randomUUID()}`;
    this.watch = new ProgressWatch(resolved.stallAfterMs);
    this.delivery = new EventDelivery({
      ...resolved,
      group: subscription.group,
      publish: (records) => door.publish(records),
    });
  }

  async start(): Promise<void> {
    this.starting = this.keepJoining();
    await this.starting;
    this.measuring = this.measure();
  }

  private async keepJoining(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.door.ensureTopics([...this.topics, ...this.topics.map(deadLetterTopic)]);
        await this.takePlaces();
        await this.join();
        break;
      } catch (error) {
        this.resolved.observer.connectionFailed?.(`join the group ${this.groupId}`, error);
        await this.leave();
        await sleep(RESTART_DELAY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    // A client that is left while it is still joining would go on joining.
    await this.starting;
    await this.restarting;
    await this.leave();
    await this.measuring;
    if (this.subscription.kind === 'fanout') await this.door.deleteGroup(this.groupId);
  }

  health(): SubscriptionHealth {
    const { group } = this.subscription;
    const lag = this.watch.currentLag;
    if (this.watch.stalled) return { group, state: 'stalled', lag };
    if (this.assignment === null) return { group, state: 'connecting', lag };
    const idle = Object.values(this.assignment).every((partitions) => partitions.length === 0);
    return { group, state: idle ? 'standby' : 'running', lag };
  }

  private async takePlaces(): Promise<void> {
    if (this.subscription.kind !== 'fanout') return;
    for (const topic of this.topics) {
      if (!this.places.has(topic)) this.places.set(topic, await this.door.startOffsets(topic, this.subscription.from));
    }
  }

  /** Resolves when the group has given this member its partitions. */
  private async join(): Promise<void> {
    const consumer = this.kafka.consumer({
      groupId: this.groupId,
      sessionTimeout: this.options.sessionTimeoutMs ?? 15_000,
      rebalanceTimeout: 30_000,
      heartbeatInterval: HEARTBEAT_MS,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 500,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 2_000,
        retries: 4,
        restartOnFailure: () => Promise.resolve(!this.stopping.signal.aborted),
      },
    });
    this.consumer = consumer;
    consumer.on('consumer.rebalancing', () => {
      this.assignment = null;
    });
    consumer.on('consumer.crash', ({ payload }) => {
      this.assignment = null;
      this.resolved.observer.connectionFailed?.(`consume as ${this.groupId}`, payload.error);
      if (!payload.restart) this.restarting = this.restart();
    });
    const joined = new Promise<void>((resolve) => {
      this.stopping.signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
      consumer.on('consumer.group_join', ({ payload }) => {
        this.assignment = payload.memberAssignment;
        this.seekPlaces(consumer);
        resolve();
      });
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (batch) => this.handleBatch(batch),
    });
    await joined;
  }

  private seekPlaces(consumer: Consumer): void {
    for (const [topic, places] of this.places) {
      for (const [partition, offset] of places) consumer.seek({ topic, partition, offset });
    }
  }

  /** The client restarts after what it takes for passing errors only; for a consumer there is no other way to go on. */
  private async restart(): Promise<void> {
    await sleep(RESTART_DELAY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    if (this.stopping.signal.aborted) return;
    await this.leave();
    try {
      await this.join();
    } catch (error) {
      this.resolved.observer.connectionFailed?.(`join the group ${this.groupId} again`, error);
      await this.restart();
    }
  }

  private async leave(): Promise<void> {
    const consumer = this.consumer;
    this.consumer = null;
    this.assignment = null;
    await consumer?.disconnect().catch(() => undefined);
  }

  private async handleBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const handler = this.subscription.handlers[topic];
    if (handler === undefined) return;
    // A handler may take longer than the session: without a heartbeat meanwhile the group would go round in circles.
    const ending = new AbortController();
    const end = (): void => {
      ending.abort();
    };
    const beat = setInterval(() => void payload.heartbeat().catch(end), HEARTBEAT_MS);
    this.stopping.signal.addEventListener('abort', end, { once: true });
    try {
      for (let start = 0; start < messages.length; start += COMMIT_EVERY) {
        if (payload.isStale() || !payload.isRunning() || this.stopping.signal.aborted) return;
        const records = messages
          .slice(start, start + COMMIT_EVERY)
          .map((message) => toStoredRecord(topic, partition, message));
        const progress: { next?: string } = {};
        try {
          await this.delivery.deliver(records, handler, ending.signal, async (record) => {
            progress.next = offsetAfter(record.offset);
            payload.resolveOffset(record.offset);
            await payload.heartbeat();
          });
        } finally {
          if (progress.next !== undefined) await this.keep(payload, progress.next);
        }
      }
    } catch (error) {
      if (!(error instanceof DeliveryStoppedError)) throw error;
      // The client has to hear of a rebalance from its own call, or it would go on with partitions of the past.
      if (!this.stopping.signal.aborted) await payload.heartbeat();
    } finally {
      clearInterval(beat);
      this.stopping.signal.removeEventListener('abort', end);
    }
  }

  private async keep(payload: EachBatchPayload, next: string): Promise<void> {
    const { topic, partition } = payload.batch;
    if (this.subscription.kind === 'fanout') {
      this.places.get(topic)?.set(partition, next);
      return;
    }
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: next }] }] });
  }

  private async measure(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.measureOnce();
      } catch (error) {
        this.resolved.observer.connectionFailed?.(`measure the lag of ${this.groupId}`, error);
      }
      await sleep(this.resolved.lagEveryMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** Of this member's own partitions; while the group is being formed, of all: a member that never gets in is stuck too. */
  private async measureOnce(): Promise<void> {
    const positions =
      this.subscription.kind === 'shared' ? await this.door.committed(this.groupId, this.topics) : this.places;
    const seen: string[] = [];
    let total = 0;
    for (const topic of this.topics) {
      const mine = this.assignment?.[topic];
      const ranges = (await this.door.ranges(topic)).filter(
        ({ partition }) => mine === undefined || mine.includes(partition),
      );
      const offsets = positions.get(topic);
      const lag = ranges.reduce((sum, range) => sum + recordsBehind(range, offsets?.get(range.partition)), 0);
      seen.push(...ranges.map(({ partition }) => `${topic}/${partition}@${offsets?.get(partition) ?? '-'}`));
      this.resolved.observer.lag?.(this.subscription.group, topic, lag);
      total += lag;
    }
    this.watch.observe(seen.join(), total);
  }
}
