import type { CircuitRule } from './circuit-rule';

/** Decides when a closed circuit opens. Knows nothing of calls, promises or clocks: times come in as numbers. */
export interface TripRule {
  /** Takes note of one counted failure (clock ms); true means: open now. */
  failure(at: number): boolean;
  /** The circuit closed again: what was before counts no more. */
  reset(): void;
}

/**
 * Opens when the last `failures` counted failures lie within `withinMs` of each other.
 * There is no success(): a success that cleared the list would keep a circuit closed round a peer that fails every
 * second call.
 */
export class FailureWindowRule implements TripRule {
  private times: readonly number[] = [];

  constructor(private readonly rule: Pick<CircuitRule, 'failures' | 'withinMs'>) {}

  failure(at: number): boolean {
    this.times = [...this.times.filter((time) => at - time <= this.rule.withinMs), at];
    return this.times.length >= this.rule.failures;
  }

  reset(): void {
    this.times = [];
  }
}
