import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Kafka,
  logLevel,
  Partitioners,
  type Admin,
  type Consumer,
  type EachBatchPayload,
  type KafkaConfig,
  type Producer,
} from 'kafkajs';
import {
  deadLetterTopic,
  DeliveryStoppedError,
  EventDelivery,
  isDeadLetterTopic,
  UnpublishableEventError,
  type CompactedSnapshot,
  type EventRecord,
  type EventTransport,
  type RunningSubscription,
  type StartAt,
  type StoredRecord,
  type Subscription,
  type SubscriptionHealth,
  type TopicLag,
  type TransportHealth,
  type TransportOptions,
} from '../transport';
import { ProgressWatch } from '../transport/progress-watch';
import { assertPublishable } from '../transport/publishable';
import { assertSubscribable } from '../transport/subscribable';
import { SubscriptionSet, type SubscriptionMember } from '../transport/subscription-set';
import { resolveTransportOptions, type ResolvedTransportOptions } from '../transport/transport-options';
import {
  chunkBySize,
  groupByTopic,
  offsetAfter,
  positionAtEnd,
  recordsBehind,
  topicSettings,
  toStoredRecord,
  type PartitionRange,
} from './kafka-records';

export interface KafkaTransportOptions extends TransportOptions {
  /** host:port each. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** TLS and SASL, as kafkajs takes them. */
  readonly security?: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  /** Of topics that do not exist yet. Default 3; dead letters have 1. */
  readonly partitions?: number;
  /** Of topics that do not exist yet. Default: the broker's. */
  readonly replicationFactor?: number;
  /** A member that was not heard of for this long has left its group. Default 15,000. */
  readonly sessionTimeoutMs?: number;
}

const ACKNOWLEDGED_BY_ALL = -1;
const BROKER_DEFAULT = -1;
const HEARTBEAT_MS = 1_000;
/** The position is kept after at most this many records. */
const COMMIT_EVERY = 200;
/** Partitions handled side by side: an event that is being retried holds up its own partition only. */
const PARTITIONS_AT_ONCE = 4;
const REPLAY_IDLE_MS = 30_000;
const RESTART_DELAY_MS = 1_000;

/** The distributed filling of the event transport. The only file that knows the client. */
export class KafkaTransport implements EventTransport {
  private readonly kafka: Kafka;
  private readonly resolved: ResolvedTransportOptions;
  private readonly subscriptions = new SubscriptionSet();
  private readonly knownTopics = new Map<string, Promise<void>>();
  private adminConnected: Promise<Admin> | null = null;
  private producerConnected: Promise<Producer> | null = null;
  /** Sends are one after the other: two at once would be free to arrive in either order. */
  private sending: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: KafkaTransportOptions) {
    this.resolved = resolveTransportOptions(options);
    this.kafka = new Kafka({
      clientId: options.clientId,
      brokers: [...options.brokers],
      ...options.security,
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      // Few: whoever asked tries again, and can be stopped in between.
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 4 },
      logLevel: logLevel.ERROR,
      logCreator: () => (entry) => {
        this.resolved.observer.connectionFailed?.(`kafka ${entry.namespace}`, new Error(entry.log.message));
      },
    });
  }

  async publish(records: readonly EventRecord[]): Promise<void> {
    if (records.length === 0) return;
    assertPublishable(this.resolved.catalog, records);
    const turn = this.sending.then(() => this.publishInTurn(records));
    this.sending = turn.catch(() => undefined);
    await turn;
  }

  async subscribe(subscription: Subscription, signal?: AbortSignal): Promise<RunningSubscription> {
    assertSubscribable(this.resolved.catalog, subscription);
    const running = new KafkaSubscription(this.kafka, subscription, this.options, this.resolved, {
      publish: (records) => this.publish(records),
      ensureTopics: (topics) => this.ensureTopics(topics),
      ranges: (topic) => this.ranges(topic),
      startOffsets: (topic, from) => this.startOffsets(topic, from),
      committed: (group, topics) => this.committed(group, topics),
      deleteGroup: (group) => this.deleteGroup(group),
    });
    return this.subscriptions.start(running, signal);
  }

  async *replay(topic: string, from: StartAt): AsyncIterable<StoredRecord> {
    await this.ensureTopics([topic]);
    const ends = await this.ranges(topic);
    const starts = await this.startOffsets(topic, from);
    yield* this.readUntil(topic, starts, ends);
  }

  async readCompacted(topic: string): Promise<CompactedSnapshot> {
    await this.ensureTopics([topic]);
    const ends = await this.ranges(topic);
    const newest = new Map<string, StoredRecord>();
    const starts = await this.startOffsets(topic, 'earliest');
    for await (const record of this.readUntil(topic, starts, ends)) {
      if (record.key === null) continue;
      if (record.value === null) newest.delete(record.key);
      else newest.set(record.key, record);
    }
    return { records: [...newest.values()], position: positionAtEnd(ends) };
  }

  async lag(group: string, topics: readonly string[]): Promise<readonly TopicLag[]> {
    await this.ensureTopics(topics);
    const committed = await this.committed(group, topics);
    return Promise.all(
      topics.map(async (topic) => {
        const ranges = await this.ranges(topic);
        const offsets = committed.get(topic);
        return {
          topic,
          lag: ranges.reduce((sum, range) => sum + recordsBehind(range, offsets?.get(range.partition)), 0),
        };
      }),
    );
  }

  health(): TransportHealth {
    return this.subscriptions.health();
  }

  async close(): Promise<void> {
    await this.subscriptions.close();
    await this.sending;
    const clients = [this.producerConnected, this.adminConnected];
    [this.producerConnected, this.adminConnected] = [null, null];
    for (const client of clients) await client?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  private async publishInTurn(records: readonly EventRecord[]): Promise<void> {
    await this.ensureTopics([...groupByTopic(records).keys()]);
    let sent = 0;
    for (const chunk of chunkBySize(records)) {
      await this.sendChunk(chunk, sent);
      sent += chunk.length;
    }
  }

  private async sendChunk(chunk: readonly EventRecord[], firstIndex: number): Promise<void> {
    try {
      const producer = await this.producer();
      await producer.sendBatch({
        acks: ACKNOWLEDGED_BY_ALL,
        topicMessages: [...groupByTopic(chunk)].map(([topic, records]) => ({
          topic,
          messages: records.map(({ key, value, headers }) => ({ key, value, headers })),
        })),
      });
    } catch (error) {
      if (!isTooLarge(error)) {
        await this.discardProducer();
        throw error;
      }
      if (chunk.length === 1) throw new UnpublishableEventError(firstIndex, 'larger than the broker takes');
      for (const [index, record] of chunk.entries()) await this.sendChunk([record], firstIndex + index);
    }
  }

  private producer(): Promise<Producer> {
    this.producerConnected ??= connected(
      this.kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        createPartitioner: Partitioners.DefaultPartitioner,
      }),
    );
    return this.forgetOnFailure(this.producerConnected, () => {
      this.producerConnected = null;
    });
  }

  /** After an error the client's sequence numbers may not be the broker's any more: begin again as a new producer. */
  private async discardProducer(): Promise<void> {
    const discarded = this.producerConnected;
    this.producerConnected = null;
    await discarded?.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  private admin(): Promise<Admin> {
    this.adminConnected ??= connected(this.kafka.admin());
    return this.forgetOnFailure(this.adminConnected, () => {
      this.adminConnected = null;
    });
  }

  private async forgetOnFailure<T>(attempt: Promise<T>, forget: () => void): Promise<T> {
    try {
      return await attempt;
    } catch (error) {
      forget();
      throw error;
    }
  }

  private async ensureTopics(topics: readonly string[]): Promise<void> {
    await Promise.all(topics.map((topic) => this.ensureTopic(topic)));
  }

  private ensureTopic(topic: string): Promise<void> {
    const known = this.knownTopics.get(topic) ?? this.createTopic(topic);
    this.knownTopics.set(topic, known);
    return this.forgetOnFailure(known, () => this.knownTopics.delete(topic));
  }

  private async createTopic(topic: string): Promise<void> {
    const admin = await this.admin();
    const compacted = this.resolved.catalog.get(topic)?.compacted === true;
    // Answers false when the topic exists; it is then left as its operator made it.
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: isDeadLetterTopic(topic) ? 1 : (this.options.partitions ?? 3),
          replicationFactor: this.options.replicationFactor ?? BROKER_DEFAULT,
          configEntries: Object.entries(topicSettings(topic, compacted)).map(([name, value]) => ({ name, value })),
        },
      ],
    });
  }

  private async ranges(topic: string): Promise<PartitionRange[]> {
    const admin = await this.admin();
    return admin.fetchTopicOffsets(topic);
  }

  /** By partition: the offset of the first record wanted. */
  private async startOffsets(topic: string, from: StartAt): Promise<Map<number, string>> {
    const ranges = await this.ranges(topic);
    const startOf = async (): Promise<(range: PartitionRange) => string> => {
      if (from === 'earliest') return ({ low }) => low;
      if (from === 'latest') return ({ high }) => high;
      if ('after' in from) {
        return ({ partition, low }) => {
          const last = from.after[partition];
          return last === undefined ? low : offsetAfter(last);
        };
      }
      const admin = await this.admin();
      const since = await admin.fetchTopicOffsetsByTimestamp(topic, from.since.getTime());
      return ({ partition, high }) => since.find((found) => found.partition === partition)?.offset ?? high;
    };
    const start = await startOf();
    return new Map(ranges.map((range) => [range.partition, start(range)]));
  }

  /** By topic and partition: the offset of the group's next record. */
  private async committed(group: string, topics: readonly string[]): Promise<Map<string, Map<number, string>>> {
    const admin = await this.admin();
    const offsets = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
    return new Map(
      offsets.map(({ topic, partitions }) => [
        topic,
        new Map(partitions.map(({ partition, offset }) => [partition, offset])),
      ]),
    );
  }

  /** Best effort: the broker forgets an empty group by itself after some days. */
  private async deleteGroup(group: string): Promise<void> {
    try {
      const admin = await this.admin();
      await admin.deleteGroups([group]);
    } catch (error) {
      this.resolved.observer.connectionFailed?.(`delete the group ${group}`, error);
    }
  }

  /** The client reads in groups only, so each reading is a group of its own that keeps no position. */
  private async *readUntil(
    topic: string,
    starts: ReadonlyMap<number, string>,
    ends: readonly PartitionRange[],
  ): AsyncIterable<StoredRecord> {
    const open = new Map(
      ends
        .filter(({ partition, low, high }) => BigInt(high) > BigInt(starts.get(partition) ?? low) && high !== low)
        .map(({ partition, high }) => [partition, BigInt(high)]),
    );
    if (open.size === 0) return;
    const groupId = `replay-${randomUUID()}`;
    const consumer = this.kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 });
    const records = new PassThrough({ objectMode: true, highWaterMark: 1_000 });
    const idle = setTimeout(() => {
      records.destroy(new Error(`nothing of ${topic} came for ${REPLAY_IDLE_MS} ms`));
    }, REPLAY_IDLE_MS);
    const readBatch = async (payload: EachBatchPayload): Promise<void> => {
      const { batch } = payload;
      idle.refresh();
      const end = open.get(batch.partition);
      if (end === undefined) return;
      for (const message of batch.messages) {
        if (records.destroyed) return;
        if (BigInt(message.offset) < end && !records.write(toStoredRecord(topic, batch.partition, message))) {
          await Promise.race([once(records, 'drain'), once(records, 'close')]);
          await payload.heartbeat();
        }
        payload.resolveOffset(message.offset);
      }
      if (BigInt(batch.lastOffset()) + 1n < end) return;
      open.delete(batch.partition);
      if (open.size === 0) records.end();
    };
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      consumer.on('consumer.group_join', () => {
        for (const [partition, offset] of starts) consumer.seek({ topic, partition, offset });
      });
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: readBatch });
      for await (const record of records) yield record as StoredRecord;
    } finally {
      clearTimeout(idle);
      records.destroy();
      await consumer.disconnect();
      await this.deleteGroup(groupId);
    }
  }
}

/** What a subscription asks of its transport. */
interface TransportDoor {
  publish(records: readonly EventRecord[]): Promise<void>;
  ensureTopics(topics: readonly string[]): Promise<void>;
  ranges(topic: string): Promise<PartitionRange[]>;
  startOffsets(topic: string, from: StartAt): Promise<Map<number, string>>;
  committed(group: string, topics: readonly string[]): Promise<Map<string, Map<number, string>>>;
  deleteGroup(group: string): Promise<void>;
}

class KafkaSubscription implements SubscriptionMember {
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
    private readonly options: KafkaTransportOptions,
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

async function connected<Client extends { connect(): Promise<void> }>(client: Client): Promise<Client> {
  await client.connect();
  return client;
}

function isTooLarge(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('type' in cause && cause.type === 'MESSAGE_TOO_LARGE') return true;
  }
  return false;
}
