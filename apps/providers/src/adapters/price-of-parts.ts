import { decimal, parseAmount } from '@gpubroker/provider-adapter/normalise';

/** Something that is sold beside the GPU: so many units at a price per unit and hour, as the cloud writes it. */
export interface SoldPart {
  readonly name: 'cpu' | 'ram' | 'disk' | 'ipv4';
  readonly units: number;
  readonly unitPrice: unknown;
}

export interface PriceOfParts {
  /** Per hour, decimal string: the GPUs and every part whose price is known. */
  readonly total: string;
  readonly includes: readonly string[];
  /** Parts without a price: they cost something nobody was told, which is not 0. */
  readonly unpriced: readonly string[];
}

/** @param gpuTerm of all GPUs together, per hour */
export function priceOfParts(gpuTerm: string, parts: readonly SoldPart[]): PriceOfParts {
  let total = decimal(gpuTerm);
  const includes = ['gpu'];
  const unpriced: string[] = [];
  for (const { name, units, unitPrice } of parts) {
    const amount = parseAmount(unitPrice);
    if (amount === null || amount === 'malformed' || amount.isNegative()) unpriced.push(name);
    else {
      total = total.plus(amount.times(units));
      includes.push(name);
    }
  }
  return { total: total.toFixed(), includes, unpriced };
}

/**
 * What a GPU is quoted with where a cloud fixes no sizes: the same everywhere, or offers of such clouds could not be
 * compared. Disk is for the machine, not per GPU.
 */
export const STANDARD_SIZE = { vcpusPerGpu: 4, ramGbPerGpu: 16, diskGb: 100 } as const;
export const STANDARD_GPU_COUNTS = [1, 2, 4, 8] as const;
