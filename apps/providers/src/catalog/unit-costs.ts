import type { GpuRatesAssumptionsDto, GpuRatesReason } from '@gpubroker/contracts/math';
import type { CatalogueOffer } from './catalogue-offer';

/** What math-core said of one GPU of a model: what prices are divided by. */
export interface GpuRate {
  /** As offers have it. */
  readonly gpuType: string;
  /** The card that math-core took it to mean; null when it knows none. */
  readonly gpuModel: string | null;
  /** Of a 7B model, one request at a time; null: see reason. */
  readonly tokensPerSecond: number | null;
  readonly gflops: number | null;
  readonly reason: GpuRatesReason | null;
  readonly assumptions: GpuRatesAssumptionsDto;
}

/** In the offer's currency, six significant digits; null where no rate is known. */
export interface UnitCosts {
  readonly costPerToken: number | null;
  readonly costPerGflop: number | null;
}

/** Two objects: copying an offer to add two members costs more than all else that a list does with it. */
export interface CostedOffer {
  readonly offer: CatalogueOffer;
  readonly costs: UnitCosts;
}

const SECONDS_PER_HOUR = 3_600;

/**
 * Doubles, as math-core itself computes (SPEC C2): the same digits as its answer to the single question.
 * A part of a GPU has no cost per token: neither its speed nor whether the model fits into it is known.
 */
export function unitCosts(
  { pricePerHour, gpuCount }: Pick<CatalogueOffer, 'pricePerHour' | 'gpuCount'>,
  rate: GpuRate | undefined,
): UnitCosts {
  const { tokensPerSecond = null, gflops = null } = rate ?? {};
  return {
    costPerToken:
      tokensPerSecond === null || isPartOfGpu(gpuCount)
        ? null
        : sixDigits(pricePerHour / (SECONDS_PER_HOUR * tokensPerSecond)),
    costPerGflop: gflops === null ? null : sixDigits(pricePerHour / gflops),
  };
}

export const isPartOfGpu = (gpuCount: number | null): boolean => gpuCount !== null && gpuCount < 1;

/** Orders follow the digits that are shown: offers that look equal stand by id. */
const sixDigits = (value: number): number => Number(value.toPrecision(6));
