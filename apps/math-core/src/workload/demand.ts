import type { MemoryNeed } from '../memory/inference-memory';
import type { Card } from '../throughput/estimate';

/** Units of work a second, with a range that 90 of 100 measurements are to fall into. */
export interface Pace {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  /** 0 to 1. */
  readonly confidence: number;
}

/** Work that is asked of GPUs, whatever its kind: what it holds in memory, how much of it there is, how fast a card does it. */
export interface Demand {
  /** What is counted. */
  readonly unit: string;
  /** All of it; null when it is a rate, or not said. */
  readonly amount: number | null;
  /** Units a second that have to be kept up with; null when it is an amount, or not said. */
  readonly rate: number | null;
  /** Hours that follow from the quantity itself (a rental counted in hours). */
  readonly hours: number | null;
  /** Whether one copy can be spread over several GPUs. */
  readonly divisible: boolean;
  /** Over all GPUs together. */
  readonly memoryOn: (gpuCount: number) => MemoryNeed;
  /** Of one group of GPUs; null where too little is known of the card. */
  readonly paceOn: (card: Card, gpuCount: number) => Pace | null;
  /** How the demand was understood, one fact a sentence. */
  readonly facts: readonly string[];
  /** What was not said and had to be supposed, one a sentence: each lowers the confidence. */
  readonly assumptions: readonly string[];
}

/** @param spread half the width of the range, in logarithms */
export function pace(expected: number, spread: number, confidence: number): Pace {
  return { expected, low: expected * Math.exp(-spread), high: expected * Math.exp(spread), confidence };
}

/** Keeps several GPUs' own share of the runtime in the count. */
export function onSeveral(need: MemoryNeed, gpuCount: number): MemoryNeed {
  const extra = (gpuCount - 1) * (need.runtime + need.activations);
  return {
    ...need,
    runtime: need.runtime * gpuCount,
    activations: need.activations * gpuCount,
    total: need.total + extra,
  };
}
