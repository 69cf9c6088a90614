import type { OfferState } from '@gpubroker/contracts/events';
import type { FoldedEvent } from './folded-event';

export interface NewestStates {
  /** At most one per offer: a statement cannot write a row twice. */
  readonly states: readonly OfferState[];
  /** Offers whose tombstone came after their last state here. */
  readonly removed: readonly RemovedOffer[];
}

export interface RemovedOffer {
  readonly offer_id: string;
  /** When the log got the tombstone: a state that was observed later is not meant by it. */
  readonly at: string;
}

/** What is left of many events of `offers` when each offer keeps its newest state, whatever order they came in. */
export function newestStates(events: readonly FoldedEvent<OfferState>[]): NewestStates {
  const states = new Map<string, OfferState>();
  const removed = new Map<string, RemovedOffer>();
  for (const { key, payload, storedAt } of events) {
    if (payload === null) removed.set(key, { offer_id: key, at: storedAt.toISOString() });
    else if (isNewer(payload, states.get(key))) {
      states.set(key, payload);
      removed.delete(key);
    }
  }
  return { states: [...states.values()], removed: [...removed.values()] };
}

/** The later of two with one time stands: within an offer the log keeps the order of commits. */
const isNewer = (state: OfferState, than: OfferState | undefined) =>
  than === undefined || Date.parse(state.observed_at) >= Date.parse(than.observed_at);
