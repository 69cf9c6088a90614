/** What one good sync said about the one before it. */
export interface TruthObservation {
  /** Offers that the sync before showed as to be had; null when it was not counted. */
  readonly offered: number | null;
  /** Of them, those that were still to be had at the same price. */
  readonly confirmed: number | null;
}

/**
 * How far a cloud's list can be believed: of the offers that one good sync showed, the share that the next good sync still
 * had, to be had and at the same price. 0 to 1, four decimals.
 * @returns null before the second good sync
 */
export function listingTruth(syncs: readonly TruthObservation[]): number | null {
  let offered = 0;
  let confirmed = 0;
  for (const sync of syncs) {
    offered += sync.offered ?? 0;
    confirmed += sync.offered === null ? 0 : (sync.confirmed ?? 0);
  }
  return offered === 0 ? null : Math.round((confirmed / offered) * 10_000) / 10_000;
}
