import { PRODUCT_EVENTS, priceUpdates, type PriceUpdate } from '@gpubroker/contracts/events';
import { readEvent, type EventTransport, type StartAt } from '@gpubroker/events/transport';
import { priceMessage, type PriceMessage } from '../delivery/price-message';
import type { Backlog } from './backlog';

export interface FillOptions {
  readonly since: Date;
  /** Messages that the backlog can hold. */
  readonly capacity: number;
  readonly signal: AbortSignal;
}

/**
 * The clocks that stamp records of a log are not quite the same. What is read twice is recognised by its id; what was
 * skipped would be lost.
 */
const OVERLAP_MS = 60_000;

/**
 * Reads into the backlog what happened before this replica started, so that clients of another one, or of the one before
 * a restart, can resume here.
 * @returns from where a subscription goes on without a gap; it repeats a little
 */
export async function fillBacklog(
  transport: Pick<EventTransport, 'replay'>,
  backlog: Backlog,
  { since, capacity, signal }: FillOptions,
): Promise<StartAt> {
  const byPartition = new Map<number, PriceMessage[]>();
  for await (const record of transport.replay(priceUpdates.topic, { since })) {
    signal.throwIfAborted();
    const result = readEvent(PRODUCT_EVENTS, record);
    if (result.kind === 'event') {
      // readEvent has checked the payload against this topic's contract.
      keepNewest(byPartition, priceMessage(result.event.payload as PriceUpdate, record), capacity);
    }
  }
  for (const message of inOrderOfTime(byPartition)) backlog.add(message);
  const newest = backlog.newest;
  return { since: newest === undefined ? since : new Date(newest.storedAt - OVERLAP_MS) };
}

function keepNewest(byPartition: Map<number, PriceMessage[]>, message: PriceMessage, capacity: number): void {
  const kept = byPartition.get(message.partition) ?? [];
  byPartition.set(message.partition, kept);
  kept.push(message);
  if (kept.length >= 2 * capacity) kept.splice(0, kept.length - capacity);
}

/** Partitions come one after the other; each one's own order stands even where a clock went back. */
function inOrderOfTime(byPartition: ReadonlyMap<number, readonly PriceMessage[]>): PriceMessage[] {
  const timed = [...byPartition.values()].flatMap((messages) => {
    let latest = Number.NEGATIVE_INFINITY;
    return messages.map((message) => {
      latest = Math.max(latest, message.storedAt);
      return { message, at: latest };
    });
  });
  return timed.sort((one, other) => one.at - other.at).map(({ message }) => message);
}
