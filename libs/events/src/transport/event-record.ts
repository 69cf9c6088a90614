/** What a transport moves: text, untouched, so that what cannot be read can still be kept and sent again as it was. */
export interface EventRecord {
  readonly topic: string;
  /** Records of one key keep their order. Null only in what somebody else wrote: it is never handled. */
  readonly key: string | null;
  /** JSON text; null is a tombstone: the key is gone from a compacted topic. */
  readonly value: string | null;
  readonly headers: EventHeaders;
}

export type EventHeaders = Readonly<Record<string, string>>;

/** A record with its place in the log. */
export interface StoredRecord extends EventRecord {
  /** Always 0 in the PostgreSQL log. */
  readonly partition: number;
  /** Grows within topic and partition, with gaps. A decimal string: it is 64 bits wide. */
  readonly offset: string;
  readonly storedAt: Date;
}

/** A record that was read and checked against its contract: what handlers get. */
export interface DeliveredEvent<Payload = unknown> {
  /** The same in every delivery: dedupe by it. */
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  /** Version it was written with; the payload is today's whatever this says. */
  readonly version: number;
  /** Null is a tombstone, in compacted topics only. */
  readonly payload: Payload | null;
  readonly headers: EventHeaders;
  readonly partition: number;
  readonly offset: string;
  readonly storedAt: Date;
  /** 1 for the first try of this delivery. */
  readonly attempt: number;
}
