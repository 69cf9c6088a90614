import { listingTruth, type TruthObservation } from './listing-truth';

/** One sync, as far as it speaks for a cloud. */
export interface ObservedSync extends TruthObservation {
  readonly ok: boolean;
  readonly latencyMs: number;
  /** Offers listed before it, and how many of them it no longer had. */
  readonly before: number;
  readonly vanished: number;
}

const WEIGHTS = { success: 0.55, stability: 0.15, truth: 0.15, speed: 0.15 } as const;
const FAST_MS = 1_000;
const SLOW_MS = 30_000;

/**
 * Reliability of a cloud from its syncs of the last 24 h (SPEC P11), 0 to 1, four decimals:
 * 0.55 × success, the share of good syncs
 * + 0.15 × stability, the share of offers that were still listed at the next good sync
 * + 0.15 × truth, the share of offers that were still to be had at the same price (`listingTruth`)
 * + 0.15 × speed, which is 1 up to 1 s and falls to 0 at 30 s on a logarithmic scale (mean of good syncs).
 * While there is no truth yet, the sum of the others is divided by their weights.
 * @returns null before the first sync: nothing was observed, so nothing is claimed
 */
export function reliabilityScore(syncs: readonly ObservedSync[]): number | null {
  if (syncs.length === 0) return null;
  const good = syncs.filter(({ ok }) => ok);
  const truth = listingTruth(good);
  const success = good.length / syncs.length;
  const others = WEIGHTS.success * success + WEIGHTS.stability * stability(good) + WEIGHTS.speed * speed(good);
  const score = truth === null ? others / (1 - WEIGHTS.truth) : others + WEIGHTS.truth * truth;
  return Math.round(score * 10_000) / 10_000;
}

function stability(good: readonly ObservedSync[]): number {
  const before = sum(good.map((sync) => sync.before));
  if (good.length === 0) return 0;
  return before === 0 ? 1 : 1 - Math.min(sum(good.map((sync) => sync.vanished)) / before, 1);
}

function speed(good: readonly ObservedSync[]): number {
  if (good.length === 0) return 0;
  const mean = sum(good.map(({ latencyMs }) => latencyMs)) / good.length;
  const slowness = Math.log(Math.max(mean, FAST_MS) / FAST_MS) / Math.log(SLOW_MS / FAST_MS);
  return 1 - Math.min(slowness, 1);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
