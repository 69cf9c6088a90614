import { sharedFloats } from './grouped-ratings';

/** From 0 up to, not including, 1. */
export type Random = () => number;

/** mulberry32: the same seed gives the same numbers on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Small and of both signs: all alike, the factors would stay alike. */
export function createFactors(rows: number, k: number, random: Random): Float64Array {
  const scale = 1 / Math.sqrt(k);
  const factors = sharedFloats(rows * k);
  for (let index = 0; index < factors.length; index += 1) factors[index] = (random() - 0.5) * scale;
  return factors;
}
