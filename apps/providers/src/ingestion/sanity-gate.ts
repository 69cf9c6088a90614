/**
 * What looks like a mistake of the cloud and not like the market is held back until the next sync says the same, or an
 * admin releases it (SPEC P4): a price that jumps more than fivefold, a list that shrinks below half.
 */

/** A price that was held back at an earlier sync. */
export interface HeldPrice {
  readonly pricePerHour: string;
  readonly released: boolean;
}

export type PriceVerdict = 'pass' | 'hold';

const JUMP_FACTOR = 5;
/** Prices move between two syncs: within a fifth of the held value counts as the same news. */
const AGREEMENT = 0.2;

/** @param before @param after decimal strings, both above 0 */
export function priceJump(before: string, after: string, held: HeldPrice | undefined): PriceVerdict {
  const from = Number(before);
  const to = Number(after);
  // An earlier build's row without a price has nothing to compare with.
  if (from <= 0) return 'pass';
  const jumped = to > from * JUMP_FACTOR || to * JUMP_FACTOR < from;
  if (!jumped || held?.released) return 'pass';
  return held !== undefined && agrees(Number(held.pricePerHour), to) ? 'pass' : 'hold';
}

/** How many offers a provider had at its last good sync, and at a sync that was held back since. */
export interface CountState {
  readonly lastCount: number | null;
  readonly heldCount: number | null;
  readonly released: boolean;
}

export function countDrop(count: number, { lastCount, heldCount, released }: CountState): PriceVerdict {
  if (lastCount === null || count >= lastCount / 2 || released) return 'pass';
  return heldCount !== null && agrees(heldCount, count) ? 'pass' : 'hold';
}

function agrees(before: number, now: number): boolean {
  return Math.abs(now - before) <= Math.max(before, now) * AGREEMENT;
}

/** Rows that could not be read, against all rows: above this share an unseen offer proves nothing. */
const BAD_ROW_SHARE = 0.1;
const BAD_ROW_REASONS: ReadonlySet<string> = new Set(['malformed', 'missing_field', 'out_of_range']);

export function hasTooManyBadRows(offers: number, rejected: readonly { readonly reason: string }[]): boolean {
  const bad = rejected.filter(({ reason }) => BAD_ROW_REASONS.has(reason)).length;
  return bad > (offers + rejected.length) * BAD_ROW_SHARE;
}
