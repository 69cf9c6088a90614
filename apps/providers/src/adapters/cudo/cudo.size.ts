import { STANDARD_SIZE } from '../price-of-parts';

/** What a machine type allows; null where it does not say. */
export interface CudoLimits {
  readonly minVcpuPerGpu: number | null;
  readonly maxVcpuPerGpu: number | null;
  readonly minVcpuPerMemoryGib: number | null;
  readonly maxVcpuPerMemoryGib: number | null;
  readonly minVcpu: number | null;
  readonly minMemoryGib: number | null;
}

export interface CudoSize {
  readonly gpus: number;
  readonly vcpus: number;
  readonly memoryGib: number;
}

/** Ratios come with seven decimals: 4 / 0.2063492 must not round up a whole GiB. */
const SLACK = 1e-6;

/** The standard size, moved as little as the machine type's limits ask for; null when no whole GiB lies within them. */
export function cudoSize(gpus: number, limits: CudoLimits): CudoSize | null {
  const fewest = Math.max((limits.minVcpuPerGpu ?? 0) * gpus, limits.minVcpu ?? 0, 1);
  const most = (limits.maxVcpuPerGpu ?? Number.POSITIVE_INFINITY) * gpus;
  const vcpus = within(STANDARD_SIZE.vcpusPerGpu * gpus, Math.ceil(fewest), Math.floor(most));
  if (vcpus === null) return null;
  const least = Math.max(
    vcpus / positive(limits.maxVcpuPerMemoryGib, Number.POSITIVE_INFINITY),
    limits.minMemoryGib ?? 0,
    1,
  );
  const largest = vcpus / positive(limits.minVcpuPerMemoryGib, 0);
  const memoryGib = within(STANDARD_SIZE.ramGbPerGpu * gpus, Math.ceil(least - SLACK), Math.floor(largest + SLACK));
  return memoryGib === null ? null : { gpus, vcpus, memoryGib };
}

function within(wanted: number, least: number, most: number): number | null {
  return least > most ? null : Math.min(most, Math.max(least, wanted));
}

function positive(ratio: number | null, otherwise: number): number {
  return ratio !== null && ratio > 0 ? ratio : otherwise;
}
