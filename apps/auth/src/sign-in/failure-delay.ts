/** Failures of one address that cost nothing, within the window (SPEC A3). */
const FREE_FAILURES = 5;
export const FAILURE_WINDOW_SECONDS = 900;

/** Seconds that must pass between the last failure and the next try: 1, 2, 4 … up to the window. */
export function failureDelay(failures: number): number {
  return failures < FREE_FAILURES ? 0 : Math.min(2 ** (failures - FREE_FAILURES), FAILURE_WINDOW_SECONDS);
}
