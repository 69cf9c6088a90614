import { completeOffer, type OfferDraft } from './offer-draft';
import type { OfferBatch, ProviderOffer, RejectedRow, RejectionReason } from './provider-offer';

const MAX_EXTERNAL_ID_LENGTH = 255;

/** Collects what one pull gives. A second offer under the same id is rejected: the table has one row per id. */
export class OfferBatchBuilder {
  private readonly offersById = new Map<string, ProviderOffer>();
  private readonly rejectedRows: RejectedRow[] = [];

  /** Completes the draft and accepts it, or rejects it for what is wrong with its price. */
  add(draft: OfferDraft): void {
    const offer = completeOffer(draft);
    if ('reason' in offer) this.reject(offer.reason, draft.externalId, offer.detail);
    else this.accept(offer);
  }

  accept(offer: ProviderOffer): void {
    if (offer.externalId.length > MAX_EXTERNAL_ID_LENGTH) {
      this.reject('out_of_range', offer.externalId, `The id is longer than ${MAX_EXTERNAL_ID_LENGTH} characters.`);
    } else if (this.offersById.has(offer.externalId)) {
      this.reject('duplicate', offer.externalId, 'Another row has the same id.');
    } else {
      this.offersById.set(offer.externalId, offer);
    }
  }

  reject(reason: RejectionReason, row: string, detail: string): void {
    this.rejectedRows.push({ reason, row: row.slice(0, MAX_EXTERNAL_ID_LENGTH), detail });
  }

  build(): OfferBatch {
    return { offers: [...this.offersById.values()], rejected: [...this.rejectedRows] };
  }
}
