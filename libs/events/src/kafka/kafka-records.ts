import { isDeadLetterTopic, type EventRecord, type LogPosition, type StoredRecord } from '../transport';

/** What the client gives for one message; headers may repeat there, not with us. */
export interface KafkaMessageShape {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly offset: string;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
}

export interface PartitionRange {
  readonly partition: number;
  /** Of the oldest record that is still there. */
  readonly low: string;
  /** The next record's. */
  readonly high: string;
}

/** A broker takes a batch of 1 MiB by default; the rest is for what the client adds. */
const MAX_CHUNK_BYTES = 900_000;
/** Framing, offsets and timestamps of one record, generously. */
const RECORD_OVERHEAD_BYTES = 100;

export function toStoredRecord(topic: string, partition: number, message: KafkaMessageShape): StoredRecord {
  return {
    topic,
    key: message.key?.toString('utf8') ?? null,
    value: message.value?.toString('utf8') ?? null,
    headers: Object.fromEntries(
      Object.entries(message.headers ?? {}).map(([name, value]) => [
        name,
        String(Array.isArray(value) ? value[0] : value),
      ]),
    ),
    partition,
    offset: message.offset,
    storedAt: new Date(Number(message.timestamp)),
  };
}

/** Neighbours that fit into one request, in order. A record that is too large by itself stands alone. */
export function chunkBySize(records: readonly EventRecord[], maxBytes = MAX_CHUNK_BYTES): EventRecord[][] {
  const chunks: EventRecord[][] = [];
  let current: EventRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (current.length > 0 && bytes + size > maxBytes) {
      chunks.push(current);
      [current, bytes] = [[], 0];
    }
    current.push(record);
    bytes += size;
  }
  return current.length > 0 ? [...chunks, current] : chunks;
}

/** Records of one request by topic, each topic's in their order. */
export function groupByTopic(records: readonly EventRecord[]): Map<string, EventRecord[]> {
  const groups = new Map<string, EventRecord[]>();
  for (const record of records) {
    const group = groups.get(record.topic);
    if (group === undefined) groups.set(record.topic, [record]);
    else group.push(record);
  }
  return groups;
}

/** Records between a group's position and the end; a group without one is at the oldest. */
export function recordsBehind({ low, high }: PartitionRange, nextOffset: string | undefined): number {
  const next = nextOffset === undefined || nextOffset === '-1' ? BigInt(low) : BigInt(nextOffset);
  const from = next > BigInt(low) ? next : BigInt(low);
  return Number(BigInt(high) > from ? BigInt(high) - from : 0n);
}

export function offsetAfter(offset: string): string {
  return String(BigInt(offset) + 1n);
}

export function positionAtEnd(ranges: readonly PartitionRange[]): LogPosition {
  return Object.fromEntries(ranges.map(({ partition, high }) => [partition, String(BigInt(high) - 1n)]));
}

const DAY_MS = 86_400_000;

/**
 * How a topic of ours is made. The broker's clock stamps the records, so that reading from a time means the same
 * whichever replica wrote them.
 */
export function topicSettings(topic: string, compacted: boolean): Record<string, string> {
  const stamped = { 'message.timestamp.type': 'LogAppendTime' };
  if (compacted) return { ...stamped, 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.1' };
  const days = isDeadLetterTopic(topic) ? 30 : 7;
  return { ...stamped, 'cleanup.policy': 'delete', 'retention.ms': String(days * DAY_MS) };
}

function sizeOf({ key, value, headers }: EventRecord): number {
  const texts = [key ?? '', value ?? '', ...Object.entries(headers).flat()];
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), RECORD_OVERHEAD_BYTES);
}
