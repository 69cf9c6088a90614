import type { OfferSource } from '@gpubroker/contracts/offers';

/** What one sync of one cloud came to. */
export interface SyncOutcome {
  readonly ok: boolean;
  /** `ok`, an upstream reason (`timeout`, `malformed` …), `held_row_count` or `bad_rows`. */
  readonly status: string;
  readonly source: OfferSource;
  readonly latencyMs: number;
  /** Valid offers it brought. */
  readonly offers: number;
  readonly rejected: number;
  readonly changed: number;
  readonly vanished: number;
  /** Offers that were listed before it. */
  readonly before: number;
  /** Of them, those of the same source that were to be had; null when it was not good, so that nothing was compared. */
  readonly offered: number | null;
  /** Of the offered ones, those that it still had, to be had and at the same price. */
  readonly confirmed: number | null;
}
