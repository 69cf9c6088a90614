export interface ClosedCircuit {
  readonly kind: 'closed';
}

export interface OpenCircuit {
  readonly kind: 'open';
  /** Clock time of the failure that opened it, in ms. */
  readonly openedAt: number;
}

export interface HalfOpenCircuit {
  readonly kind: 'half_open';
  readonly trialsInFlight: number;
  readonly trialSuccesses: number;
}

export type CircuitState = ClosedCircuit | OpenCircuit | HalfOpenCircuit;

export type CircuitKind = CircuitState['kind'];

export interface CircuitTransition {
  /** The circuit's name. */
  readonly name: string;
  readonly from: CircuitKind;
  readonly to: CircuitKind;
  /** Time of the breaker's own clock, in ms; not a time of day. */
  readonly at: number;
}
