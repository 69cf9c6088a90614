import type { PriceUpdate } from '@gpubroker/contracts/events';
import { priceSubject, type PriceSubject } from '../subscriptions/price-subject';
import { textFrame } from './text-frame';

/** One price change, ready to be sent and kept. */
export interface PriceMessage {
  /** The event's; what a client resumes from. */
  readonly id: string;
  /** Of the log: order holds within one. */
  readonly partition: number;
  /** When the log took it, in ms since 1970. */
  readonly storedAt: number;
  /** When it was committed (SPEC E1's timestamp), in ms since 1970. */
  readonly committedAt: number;
  readonly subject: PriceSubject;
  /** `{type: "price_update", data}` as a WebSocket frame. */
  readonly frame: Buffer;
}

export interface StoredPlace {
  readonly partition: number;
  readonly storedAt: Date;
}

export function priceMessage(update: PriceUpdate, { partition, storedAt }: StoredPlace): PriceMessage {
  return {
    id: update.event_id,
    partition,
    storedAt: storedAt.getTime(),
    committedAt: Date.parse(update.timestamp),
    subject: priceSubject(update),
    frame: textFrame(JSON.stringify({ type: 'price_update', data: update })),
  };
}
