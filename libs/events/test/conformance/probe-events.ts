import { randomUUID } from 'node:crypto';
import { eventCatalog, type EventContract } from '@gpubroker/contracts/events';
import { z } from 'zod';
import type { EventRecord } from '../../src/transport';

const thingSchema = z.object({ n: z.number(), text: z.string().default('') });
export type Thing = z.infer<typeof thingSchema>;

/** Contracts of a test's own, so that no test sees another's events in the same log. */
export function probeEvents() {
  const suffix = randomUUID().slice(0, 8);
  const things: EventContract<Thing> = {
    topic: `things_${suffix}`,
    version: 1,
    versions: { 1: thingSchema },
    compacted: false,
    key: (thing) => String(thing.n),
  };
  const states: EventContract<Thing> = { ...things, topic: `states_${suffix}`, compacted: true };
  return { suffix, things, states, catalog: eventCatalog([things, states]) };
}

export function probeRecord(
  topic: string,
  key: string | null,
  value: unknown,
  headers: Record<string, string> = {},
): EventRecord {
  return {
    topic,
    key,
    value: value === null ? null : JSON.stringify(value),
    headers: { 'event-id': randomUUID(), 'event-version': '1', ...headers },
  };
}

export function without(record: EventRecord, header: string): EventRecord {
  return { ...record, headers: Object.fromEntries(Object.entries(record.headers).filter(([name]) => name !== header)) };
}
