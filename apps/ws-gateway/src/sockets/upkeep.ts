/** Why a socket was cut; a metric label. */
export const CUT_REASONS = [
  'queue_full',
  'stalled',
  'no_pong',
  'too_many_messages',
  'token_expired',
  'revoked',
] as const;
export type CutReason = (typeof CUT_REASONS)[number];

/** What is known about a socket when it is looked after; times in ms of a clock that never goes back. */
export interface Vitals {
  readonly now: number;
  readonly heartbeatAt: number;
  /** The ping of the last heartbeat has not been answered yet. */
  readonly awaitsPong: boolean;
  /** Since when bytes have been waiting and none was taken; null when none waits. */
  readonly stuckSince: number | null;
  readonly stallMs: number;
}

export type Upkeep =
  { readonly kind: 'nothing' } | { readonly kind: 'heartbeat' } | { readonly kind: 'cut'; readonly reason: CutReason };

/**
 * A peer that answers no ping until the next one is due is dead: it is dropped after two heartbeats at most. One that
 * answers and yet takes nothing is stalled.
 */
export function decideUpkeep({ now, heartbeatAt, awaitsPong, stuckSince, stallMs }: Vitals): Upkeep {
  if (stuckSince !== null && now - stuckSince >= stallMs) return { kind: 'cut', reason: 'stalled' };
  if (now < heartbeatAt) return { kind: 'nothing' };
  return awaitsPong ? { kind: 'cut', reason: 'no_pong' } : { kind: 'heartbeat' };
}
