const LONGEST_TIMER_MS = 2_147_483_647;

/** Node runs a timer with a longer (or not a number) delay after 1 ms, which would turn "wait long" into "do not wait". */
export function assertTimerDelay(field: string, ms: number): void {
  if (!(ms > 0 && ms <= LONGEST_TIMER_MS)) {
    throw new RangeError(`${field} must be above 0 and at most ${LONGEST_TIMER_MS} ms, got ${ms}`);
  }
}
