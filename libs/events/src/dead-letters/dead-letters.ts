import type { EventContract } from '@gpubroker/contracts/events';
import {
  deadLetterTopic,
  fromDeadLetter,
  type DeadLetterReason,
  type EventTransport,
  type StoredRecord,
} from '../transport';

export interface DeadLetterFilter {
  readonly reason?: DeadLetterReason;
  readonly group?: string;
  readonly eventId?: string;
}

export interface ReplayResult {
  readonly replayed: number;
  /** Left alone: the key of a compacted topic has a newer state, which the old one would replace. */
  readonly superseded: number;
}

const PUBLISH_BATCH = 200;

export async function listDeadLetters(
  transport: Pick<EventTransport, 'replay'>,
  topic: string,
  filter: DeadLetterFilter = {},
): Promise<StoredRecord[]> {
  const letters: StoredRecord[] = [];
  for await (const letter of transport.replay(deadLetterTopic(topic), 'earliest')) {
    if (matches(letter, filter)) letters.push(letter);
  }
  return letters;
}

/**
 * Sends dead letters to the topic they came from, as they were. Every group gets them; those that have handled them
 * already dedupe by event id. The letters stay until the log's retention removes them.
 */
export async function replayDeadLetters(
  transport: Pick<EventTransport, 'replay' | 'publish'>,
  contract: Pick<EventContract<unknown>, 'topic' | 'compacted'>,
  filter: DeadLetterFilter = {},
): Promise<ReplayResult> {
  const letters = await listDeadLetters(transport, contract.topic, filter);
  const newest = contract.compacted ? await newestOffsets(transport, contract.topic) : new Map<string, bigint>();
  const wanted = letters.filter((letter) => !isSuperseded(letter, newest));
  for (let start = 0; start < wanted.length; start += PUBLISH_BATCH) {
    await transport.publish(wanted.slice(start, start + PUBLISH_BATCH).map(fromDeadLetter));
  }
  return { replayed: wanted.length, superseded: letters.length - wanted.length };
}

function matches({ headers }: StoredRecord, { reason, group, eventId }: DeadLetterFilter): boolean {
  return (
    (reason === undefined || headers['dlq-reason'] === reason) &&
    (group === undefined || headers['dlq-group'] === group) &&
    (eventId === undefined || headers['event-id'] === eventId)
  );
}

async function newestOffsets(transport: Pick<EventTransport, 'replay'>, topic: string): Promise<Map<string, bigint>> {
  const newest = new Map<string, bigint>();
  for await (const record of transport.replay(topic, 'earliest')) {
    if (record.key !== null) newest.set(record.key, BigInt(record.offset));
  }
  return newest;
}

function isSuperseded(letter: StoredRecord, newest: ReadonlyMap<string, bigint>): boolean {
  const latest = letter.key === null ? undefined : newest.get(letter.key);
  return latest !== undefined && latest > BigInt(letter.headers['dlq-offset'] ?? '0');
}
