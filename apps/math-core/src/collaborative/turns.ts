import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest that a long loop keeps the event loop to itself before others get their turn. */
const TURN_MS = 10;
/** Reading the clock costs as much as some rows do. */
const ROWS_BETWEEN_LOOKS = 256;

/** For loops over large bodies: `if (turns.isOver()) await turns.next();` once per row. */
export class Turns {
  private until = performance.now() + TURN_MS;
  private rows = 0;

  isOver(): boolean {
    this.rows += 1;
    return this.rows % ROWS_BETWEEN_LOOKS === 0 && performance.now() >= this.until;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.until = performance.now() + TURN_MS;
  }
}
