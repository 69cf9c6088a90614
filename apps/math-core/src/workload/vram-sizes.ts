import type { Demand } from './demand';

/** Memory of the cards that are sold, GB. */
const SOLD = [8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 141, 180, 192, 288];
/** Above the largest card, as many of 80 GB as it takes. */
const STEP = 80;
const HEADROOM = 1.2;

/** GB that hold the work on so many GPUs, in tenths; never below what is needed. */
export const gigabytesFor = (demand: Demand, gpuCount: number): number =>
  Math.ceil(demand.memoryOn(gpuCount).total / 1e8) / 10;

/** The next size that is sold above the need with a fifth to spare. */
export function comfortableGb(leastGb: number): number {
  const wanted = leastGb * HEADROOM;
  return SOLD.find((size) => size >= wanted) ?? Math.ceil(wanted / STEP) * STEP;
}
