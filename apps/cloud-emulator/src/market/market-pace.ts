/** How often the market moves in wall time, and by how many steps each time. */
export interface MarketPace {
  readonly tickMs: number;
  readonly stepsPerTick: number;
}

const STEP_MS = 60_000;
/** Ticks closer than this would outrun every reader's own floor of one second. */
const TICK_FLOOR_MS = 1_000;

/** @param speed market time over wall time; 1 = real pace, above 0 */
export function marketPace(speed: number): MarketPace {
  const tickMs = Math.max(TICK_FLOOR_MS, Math.round(STEP_MS / speed));
  return { tickMs, stepsPerTick: Math.max(1, Math.round((tickMs * speed) / STEP_MS)) };
}
