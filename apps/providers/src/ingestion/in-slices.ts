import { setImmediate as nextTurn } from 'node:timers/promises';

/** Rows between two turns of the event loop: some milliseconds of work, so that requests are answered meanwhile. */
const SLICE = 500;

/** Does the work for all of them, slice by slice, and lets everything else run in between. */
export async function inSlices<Item>(
  items: readonly Item[],
  work: (slice: readonly Item[], start: number) => void,
): Promise<void> {
  for (let start = 0; start < items.length; start += SLICE) {
    work(items.slice(start, start + SLICE), start);
    await nextTurn();
  }
}
