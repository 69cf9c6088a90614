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
  /** The database has no row of it yet. */
  readonly isNew: boolean;
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
  /** Offers that were listed before. */
  readonly before: number;
  /** Of them, those of this source that were to be had. */
  readonly offered: number;
  /** Of the offered ones, those seen again, to be had and at the same price. */
  readonly confirmed: number;
}

/** Compares what a sync saw with what is known. Pure but for the ids of new offers: the same input gives the same writes. */
export class SyncDiffer {
  private readonly writes: OfferWrite[] = [];
  private readonly held: HeldOffer[] = [];
  private readonly before: number;
  private readonly offered: number;
  private unchanged = 0;
  private confirmed = 0;

  /**
   * @param left what the database has, by external id; used up: what stays was not seen
   * @param heldPrices prices that an earlier sync held back, by external id
   * @param source that is synced: what another one said before is neither confirmed nor refuted by it
   */
  constructor(
    private readonly left: Map<string, KnownOffer>,
    private readonly heldPrices: ReadonlyMap<string, HeldPrice>,
    private readonly source: OfferSource,
  ) {
    const known = [...left.values()];
    this.before = known.filter(({ vanished }) => !vanished).length;
    this.offered = known.filter((offer) => this.wasOffered(offer)).length;
  }

  /** @param offers each external id once over all calls */
  add(offers: readonly RecordableOffer[]): void {
    for (const offer of offers) {
      const before = this.left.get(offer.externalId);
      this.left.delete(offer.externalId);
      this.compare(before, offer);
    }
  }

  /** @param complete false when too many rows could not be read: an offer that was not seen may still be there */
  finish(complete: boolean): SyncDiff {
    const vanished = complete ? [...this.left.values()].filter((offer) => !offer.vanished) : [];
    const { writes, held, unchanged, before, offered, confirmed } = this;
    return { writes, vanished, held, unchanged, before, offered, confirmed };
  }

  private compare(before: KnownOffer | undefined, offer: RecordableOffer): void {
    if (before && this.wasOffered(before) && isStillOffered(before, offer)) this.confirmed += 1;
    if (before && isUnchanged(before, offer)) this.unchanged += 1;
    else if (before && judge(before, offer, this.heldPrices.get(offer.externalId)) === 'hold') {
      this.held.push({
        externalId: offer.externalId,
        pricePerHour: before.pricePerHour,
        heldPricePerHour: offer.pricePerHour,
      });
    } else this.writes.push(toWrite(before, offer));
  }

  private wasOffered({ vanished, availability, source }: KnownOffer): boolean {
    return !vanished && availability !== 'unavailable' && (source ?? 'live') === this.source;
  }
}

const isStillOffered = (before: KnownOffer, offer: RecordableOffer) =>
  offer.availability !== 'unavailable' && before.pricePerHour === offer.pricePerHour;

const isUnchanged = (before: KnownOffer, offer: RecordableOffer) =>
  before.fingerprint === offer.fingerprint && !before.vanished;

/** Another source is another product: its price is not a jump of this one's. */
function judge(before: KnownOffer, offer: RecordableOffer, heldPrice: HeldPrice | undefined): PriceVerdict {
  return sameSource(before, offer) ? priceJump(before.pricePerHour, offer.pricePerHour, heldPrice) : 'pass';
}

function toWrite(before: KnownOffer | undefined, offer: RecordableOffer): OfferWrite {
  if (!before) return { id: randomUUID(), isNew: true, offer, moved: true, oldPrice: null };
  const { id, pricePerHour: oldPrice } = before;
  if (!sameSource(before, offer)) return { id, isNew: false, offer, moved: true, oldPrice: null };
  const priceMoved = oldPrice !== offer.pricePerHour;
  const availabilityMoved = before.availability !== offer.availability;
  return { id, isNew: false, offer, moved: priceMoved || availabilityMoved, oldPrice };
}

const sameSource = (before: KnownOffer, offer: RecordableOffer) => (before.source ?? 'live') === offer.source;
