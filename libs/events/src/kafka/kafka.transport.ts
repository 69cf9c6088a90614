import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import {
  Kafka,
  logLevel,
  Partitioners,
  type Admin,
  type EachBatchPayload,
  type KafkaConfig,
  type Producer,
} from 'kafkajs';
import {
  isDeadLetterTopic,
  UnpublishableEventError,
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
import { KafkaSubscription, type MemberOptions } from './kafka.subscription';
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

export interface KafkaTransportOptions extends TransportOptions, MemberOptions {
  /** host:port each. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** TLS and SASL, as kafkajs takes them. */
  readonly security?: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  /** Of topics that do not exist yet. Default 3; dead letters have 1. */
  readonly partitions?: number;
  /** Of topics that do not exist yet. Default: the broker's. */
  readonly replicationFactor?: number;
}

const ACKNOWLEDGED_BY_ALL = -1;
const BROKER_DEFAULT = -1;
const REPLAY_IDLE_MS = 30_000;

/** The distributed filling of the event transport. Outside this folder nobody knows the client. */
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
