import { assertTimerDelay } from '../policies/timer-delay';

/** The numbers of one circuit. SPEC P6 gives the defaults; each client may set its own. */
export interface CircuitRule {
  /** This many counted failures … */
  readonly failures: number;
  /** … at most this far apart, first to last, open the circuit (ms, inclusive). */
  readonly withinMs: number;
  /** An open circuit refuses for this long, then takes trials (ms). */
  readonly openForMs: number;
  /** Trials let through at once when half open, and successes needed to close. */
  readonly trials: number;
}

export const DEFAULT_CIRCUIT_RULE: CircuitRule = { failures: 5, withinMs: 30_000, openForMs: 60_000, trials: 3 };

/** Fills a partial rule with the defaults. Throws RangeError for a number no circuit can work with. */
export function completeRule(partial: Partial<CircuitRule> = {}): CircuitRule {
  const rule: CircuitRule = {
    failures: partial.failures ?? DEFAULT_CIRCUIT_RULE.failures,
    withinMs: partial.withinMs ?? DEFAULT_CIRCUIT_RULE.withinMs,
    openForMs: partial.openForMs ?? DEFAULT_CIRCUIT_RULE.openForMs,
    trials: partial.trials ?? DEFAULT_CIRCUIT_RULE.trials,
  };
  assertCount('failures', rule.failures);
  assertCount('trials', rule.trials);
  if (!(rule.withinMs > 0)) throw new RangeError(`withinMs must be above 0, got ${rule.withinMs}`);
  // A trial without its own time-out gets openForMs as one, so it must be a delay that a timer can hold.
  assertTimerDelay('openForMs', rule.openForMs);
  return rule;
}

function assertCount(field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${field} must be a whole number from 1, got ${value}`);
  }
}
