/** A key that works is looked at again once a day: its owner may have withdrawn it at the cloud, and it is sealed anew. */
const DAY_SECONDS = 86_400;
const LONGEST_SECONDS = 3_600;

/** How a cloud answered when it was asked about a key. */
export type Verdict = 'accepted' | 'refused' | 'unreachable';

/** @returns seconds until the cloud is asked again; null: not before the key is replaced */
export function secondsToNextCheck(verdict: Verdict, failedChecks: number, firstSeconds: number): number | null {
  if (verdict === 'refused') return null;
  if (verdict === 'accepted') return DAY_SECONDS;
  return Math.min(firstSeconds * 2 ** Math.min(failedChecks, 20), Math.max(LONGEST_SECONDS, firstSeconds));
}
