import type { EventRecord, StoredRecord } from './event-record';
import type { DeadLetterReason } from './read-event';

export const DEAD_LETTER_SUFFIX = '.dlq';
const HEADER_PREFIX = 'dlq-';
/** Header values are for people; an endless validation report must not make the record too large to keep. */
const MAX_ERROR_LENGTH = 2_000;

export interface DeadLetterCause {
  readonly group: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly attempts: number;
  readonly at: Date;
}

export function deadLetterTopic(topic: string): string {
  return topic + DEAD_LETTER_SUFFIX;
}

export function isDeadLetterTopic(topic: string): boolean {
  return topic.endsWith(DEAD_LETTER_SUFFIX);
}

/** The record as it was, for `<topic>.dlq`, with where it came from and why in `dlq-` headers. */
export function toDeadLetter(record: StoredRecord, cause: DeadLetterCause): EventRecord {
  return {
    topic: deadLetterTopic(record.topic),
    key: record.key,
    value: record.value,
    headers: {
      ...record.headers,
      'dlq-topic': record.topic,
      'dlq-partition': String(record.partition),
      'dlq-offset': record.offset,
      'dlq-group': cause.group,
      'dlq-reason': cause.reason,
      'dlq-error': cause.detail.slice(0, MAX_ERROR_LENGTH),
      'dlq-attempts': String(cause.attempts),
      'dlq-at': cause.at.toISOString(),
    },
  };
}

/** The record as it first was, for the topic it came from. Every group of that topic gets it again, and dedupes it. */
export function fromDeadLetter(letter: EventRecord): EventRecord {
  const headers = Object.fromEntries(
    Object.entries(letter.headers).filter(([name]) => !name.startsWith(HEADER_PREFIX)),
  );
  const topic = letter.headers['dlq-topic'] ?? letter.topic.slice(0, -DEAD_LETTER_SUFFIX.length);
  return { topic, key: letter.key, value: letter.value, headers };
}
