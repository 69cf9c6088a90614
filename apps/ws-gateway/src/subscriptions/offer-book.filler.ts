import { offers, PRODUCT_EVENTS, type OfferState } from '@gpubroker/contracts/events';
import { readEvent, type EventTransport } from '@gpubroker/events/transport';
import type { OfferBook } from './offer-book';

/** Reads what is known of every offer at this moment, while changes are followed already. */
export async function fillOfferBook(
  transport: Pick<EventTransport, 'readCompacted'>,
  book: Pick<OfferBook, 'add'>,
): Promise<void> {
  const { records } = await transport.readCompacted(offers.topic);
  const states = records.flatMap((record) => {
    const result = readEvent(PRODUCT_EVENTS, record);
    // readEvent has checked the payload against this topic's contract.
    return result.kind === 'event' && result.event.payload !== null ? [result.event.payload as OfferState] : [];
  });
  book.add(states);
}
