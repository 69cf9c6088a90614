import type { EventCatalog } from '@gpubroker/contracts/events';
import { DEAD_LETTER_SUFFIX, isDeadLetterTopic } from './dead-letter';
import { UnpublishableEventError } from './event-failures';
import type { EventRecord } from './event-record';

/** @throws UnpublishableEventError for a topic without a contract: nobody could ever read it */
export function assertPublishable(catalog: EventCatalog, records: readonly EventRecord[]): void {
  records.forEach((record, index) => {
    const topic = isDeadLetterTopic(record.topic) ? record.topic.slice(0, -DEAD_LETTER_SUFFIX.length) : record.topic;
    if (!catalog.has(topic)) throw new UnpublishableEventError(index, `no contract for topic ${record.topic}`);
  });
}
