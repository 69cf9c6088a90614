import type { GpuRate } from '../catalog/unit-costs';

/** Two builds of math-core may differ in the last bits of a root; a change that no cost shows is none. */
const SAME = 1e-9;

/** Those that say something new. */
export function changedRates(known: ReadonlyMap<string, GpuRate>, asked: readonly GpuRate[]): GpuRate[] {
  return asked.filter((rate) => {
    const before = known.get(rate.gpuType);
    return before === undefined || !saysTheSame(before, rate);
  });
}

function saysTheSame(a: GpuRate, b: GpuRate): boolean {
  return (
    isSame(a.tokensPerSecond, b.tokensPerSecond) &&
    isSame(a.gflops, b.gflops) &&
    a.gpuModel === b.gpuModel &&
    a.reason === b.reason &&
    isSameBasis(a.assumptions, b.assumptions)
  );
}

function isSame(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= SAME * Math.abs(a);
}

/** Not by their texts: a database need not keep the order of members. */
function isSameBasis(a: GpuRate['assumptions'], b: GpuRate['assumptions']): boolean {
  return (Object.keys(a) as (keyof typeof a)[]).every((member) => a[member] === b[member]);
}
