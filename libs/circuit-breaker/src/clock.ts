/** Milliseconds that never run backwards. Only differences mean anything: the zero point is arbitrary. */
export interface Clock {
  now(): number;
}

/** Date.now would let a clock correction open or hold a circuit; performance.now only moves forward. */
export const systemClock: Clock = { now: () => performance.now() };
