import { randomUUID } from 'node:crypto';
import type { AvailabilityStatus, OfferSource } from '@gpubroker/contracts/offers';
import type { HeldPrice } from './sanity-gate';
import { priceJump, type PriceVerdict } from './sanity-gate';
import type { RecordableOffer } from './recordable-offer';

/** What the database has of an offer, as far as a sync has to know. */
export interface KnownOffer {
  readonly id: string;
  readonly externalId: string;
  readonly fingerprint: string | null;
  /** Decimal string with four decimals. */
  readonly pricePerHour: string;
  readonly availability: AvailabilityStatus;
  readonly vanished: boolean;
  /** null: written by the earlier build. */
  readonly source: OfferSource | null;
}

/** One row to write, and whether its price or availability moved: only then history and event are written. */
export interface OfferWrite {
  readonly id: string;
  readonly offer: RecordableOffer;
  readonly moved: boolean;
  /** null at first sight. */
  readonly oldPrice: string | null;
}

export interface HeldOffer {
  readonly externalId: string;
  readonly pricePerHour: string;
  readonly heldPricePerHour: string;
}

export interface SyncDiff {
  readonly writes: readonly OfferWrite[];
  /** Offers that are no longer listed and have to become unavailable. */
  readonly vanished: readonly KnownOffer[];
  readonly held: readonly HeldOffer[];
  readonly unchanged: number;
}

export interface DiffInput {
  readonly known: ReadonlyMap<string, KnownOffer>;
  readonly seen: readonly RecordableOffer[];
  readonly heldPrices: ReadonlyMap<string, HeldPrice>;
  /** False when too many rows could not be read: an offer that was not seen may still be there. */
  readonly complete: boolean;
}

/** Compares what was seen with what is known. Pure: the same input gives the same writes, but for the ids of new offers. */
export function diffSync({ known, seen, heldPrices, complete }: DiffInput): SyncDiff {
  const writes: OfferWrite[] = [];
  const held: HeldOffer[] = [];
  const seenIds = new Set<string>();
  let unchanged = 0;
  for (const offer of seen) {
    seenIds.add(offer.externalId);
    const before = known.get(offer.externalId);
    if (before && isUnchanged(before, offer)) unchanged += 1;
    else if (before && judge(before, offer, heldPrices.get(offer.externalId)) === 'hold') {
      held.push({
        externalId: offer.externalId,
        pricePerHour: before.pricePerHour,
        heldPricePerHour: offer.pricePerHour,
      });
    } else writes.push(toWrite(before, offer));
  }
  const vanished = complete
    ? [...known.values()].filter((offer) => !offer.vanished && !seenIds.has(offer.externalId))
    : [];
  return { writes, vanished, held, unchanged };
}

const isUnchanged = (before: KnownOffer, offer: RecordableOffer) =>
  before.fingerprint === offer.fingerprint && !before.vanished;

/** Another source is another product: its price is not a jump of this one's. */
function judge(before: KnownOffer, offer: RecordableOffer, heldPrice: HeldPrice | undefined): PriceVerdict {
  return sameSource(before, offer) ? priceJump(before.pricePerHour, offer.pricePerHour, heldPrice) : 'pass';
}

function toWrite(before: KnownOffer | undefined, offer: RecordableOffer): OfferWrite {
  if (!before || !sameSource(before, offer))
    return { id: before?.id ?? randomUUID(), offer, moved: true, oldPrice: null };
  const priceMoved = before.pricePerHour !== offer.pricePerHour;
  const availabilityMoved = before.availability !== offer.availability;
  return { id: before.id, offer, moved: priceMoved || availabilityMoved, oldPrice: before.pricePerHour };
}

const sameSource = (before: KnownOffer, offer: RecordableOffer) => (before.source ?? 'live') === offer.source;
