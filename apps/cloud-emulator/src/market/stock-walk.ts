/**
 * The stock after one move. A single offer appears or goes; a pool takes a step of up to a quarter of its size, pulled
 * towards 60 % full.
 * @param direction roll in [0, 1)
 * @param size roll in [0, 1)
 */
export function nextStock(open: number, capacity: number, direction: number, size: number): number {
  if (capacity === 1) return open === 0 ? 1 : 0;
  const move = 1 + Math.floor((size * capacity) / 4);
  const full = open / capacity;
  const moved = direction < 0.5 + (0.6 - full) / 2 ? open + move : open - move;
  return Math.min(capacity, Math.max(0, moved));
}

/** Chance that the stock moves: what is gone comes back sooner than what is there goes, so that lists stay mostly full. */
export function stockMoveChance(chance: number, open: number): number {
  return open === 0 ? Math.min(1, chance * 2.5) : chance;
}
