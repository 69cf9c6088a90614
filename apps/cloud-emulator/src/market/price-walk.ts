import { type MicroUsd } from './money';
import type { Tide } from './product-plan';

export const AT_LIST_BP = 10_000;

/**
 * The level after one move. The further it is from its home, the likelier it moves back: without that pull a level
 * would drift to the edge of its range and stay there.
 * @param direction roll in [0, 1)
 * @param size roll in [0, 1)
 */
export function nextLevel(level: number, home: number, tide: Tide, direction: number, size: number): number {
  const pull = (level - home) / (2 * tide.rangeBp);
  const move = 1 + Math.floor(size * tide.stepBp);
  const moved = direction < 0.5 - pull ? level + move : level - move;
  return Math.min(home + tide.rangeBp, Math.max(home - tide.rangeBp, moved));
}

/** List price × level × spread in whole grains; never below one grain, because zero is not a price. */
export function unitPrice(list: MicroUsd, level: number, spread: number, grain: MicroUsd): MicroUsd {
  const levelled = Math.round((list * level) / AT_LIST_BP);
  const spreadOut = Math.round((levelled * spread) / AT_LIST_BP);
  return Math.max(1, Math.round(spreadOut / grain)) * grain;
}
