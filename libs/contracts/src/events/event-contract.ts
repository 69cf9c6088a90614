import { z } from 'zod';

/**
 * One kind of event on the wire: its topic, how it is keyed, and every version of its payload that is still read.
 *
 * A version's schema may only grow by members with a default, so that producer and consumer can be deployed in either
 * order: an old consumer ignores the member it does not know, a new one fills in what an old producer left out. Any
 * other change is a new version, whose predecessor stays here with a transform for as long as it may be in a topic.
 */
export interface EventContract<Payload> {
  readonly topic: string;
  /** The version that producers write; one of the keys of `versions`. */
  readonly version: number;
  /** Every version that consumers understand, each giving today's payload. */
  readonly versions: Readonly<Record<number, z.ZodType<Payload>>>;
  /** Compacted topics keep the newest event of each key for ever; a null payload (tombstone) removes the key. */
  readonly compacted: boolean;
  /** Events with the same key are delivered in the order in which they were committed. */
  key(payload: Payload): string;
}

export type EventCatalog = ReadonlyMap<string, EventContract<unknown>>;

/** @throws Error when the current version has no schema or two contracts claim one topic: a programming mistake. */
export function eventCatalog(contracts: readonly EventContract<unknown>[]): EventCatalog {
  const catalog = new Map<string, EventContract<unknown>>();
  for (const contract of contracts) {
    if (contract.versions[contract.version] === undefined) {
      throw new Error(`Event ${contract.topic}: version ${contract.version} has no schema`);
    }
    if (catalog.has(contract.topic)) throw new Error(`Event ${contract.topic} is defined twice`);
    catalog.set(contract.topic, contract);
  }
  return catalog;
}
