import type { PriceMessage } from '../delivery/price-message';

/** Where a replay begins, and what it leaves out because the client has it. */
export interface ReplayStart {
  readonly from: number;
  readonly has: (message: PriceMessage, place: number) => boolean;
}

/**
 * Replicas read the partitions of a log side by side and not in step: what one sent after the client's last event, another
 * may have read before it. Across partitions a replay therefore reaches back by this much.
 */
const PARTITION_SKEW_MS = 60_000;

/** The last price changes, each at a place that counts up from 0. Places below `first` are forgotten. */
export class Backlog {
  private readonly slots: (PriceMessage | undefined)[];
  private readonly places = new Map<string, number>();
  private readonly partitions = new Set<number>();
  private next = 0;
  /** `storedAt` of the newest message that is forgotten. */
  private forgottenUpTo = Number.NEGATIVE_INFINITY;

  constructor(private readonly capacity: number) {
    this.slots = new Array<PriceMessage | undefined>(capacity);
  }

  get first(): number {
    return Math.max(0, this.next - this.capacity);
  }

  /** The place of the next message. */
  get end(): number {
    return this.next;
  }

  get newest(): PriceMessage | undefined {
    return this.at(this.next - 1);
  }

  /** @returns false when it is there already: the log delivers at least once */
  add(message: PriceMessage): boolean {
    if (this.places.has(message.id)) return false;
    const slot = this.next % this.capacity;
    const forgotten = this.slots[slot];
    if (forgotten !== undefined) this.forget(forgotten);
    this.slots[slot] = message;
    this.places.set(message.id, this.next);
    this.partitions.add(message.partition);
    this.next += 1;
    return true;
  }

  at(place: number): PriceMessage | undefined {
    return place >= this.first && place < this.next ? this.slots[place % this.capacity] : undefined;
  }

  /** What a client that saw `id` last may have missed; null when that cannot be told any more. */
  after(id: string): ReplayStart | null {
    const place = this.places.get(id);
    const seen = place === undefined ? undefined : this.at(place);
    if (place === undefined || seen === undefined) return null;
    if (this.partitions.size === 1) return { from: place + 1, has: () => false };
    return this.acrossPartitions(seen, place);
  }

  private acrossPartitions(seen: PriceMessage, seenPlace: number): ReplayStart | null {
    const since = seen.storedAt - PARTITION_SKEW_MS;
    if (this.forgottenUpTo >= since) return null;
    return {
      from: this.first,
      has: (message, place) => place <= seenPlace && (message.partition === seen.partition || message.storedAt < since),
    };
  }

  private forget({ id, storedAt }: PriceMessage): void {
    this.places.delete(id);
    this.forgottenUpTo = Math.max(this.forgottenUpTo, storedAt);
  }
}
