import type { WorkloadType } from '@gpubroker/contracts/math';
import type { AvailabilityStatus } from '@gpubroker/contracts/offers';

export const PART_NAMES = ['value', 'speed', 'memory', 'reliability'] as const;
export type PartName = (typeof PART_NAMES)[number];
export type Weights = Readonly<Record<PartName, number>>;

/** What counts for each kind of work; every line sums to 1. Work that is paid by the piece weighs the price most. */
export const WEIGHTS: Readonly<Record<WorkloadType, Weights>> = {
  llm_inference: { value: 0.4, speed: 0.25, memory: 0.1, reliability: 0.25 },
  image_generation: { value: 0.5, speed: 0.25, memory: 0.05, reliability: 0.2 },
  training: { value: 0.4, speed: 0.25, memory: 0.1, reliability: 0.25 },
  fine_tuning: { value: 0.5, speed: 0.2, memory: 0.1, reliability: 0.2 },
  video_processing: { value: 0.5, speed: 0.25, memory: 0.05, reliability: 0.2 },
  data_processing: { value: 0.5, speed: 0.2, memory: 0.15, reliability: 0.15 },
};

export interface EfficiencyFigures {
  readonly type: WorkloadType;
  /** Price of the whole offer for one hour. */
  readonly pricePerHour: number;
  /** Units a second of the whole offer; null: not known. */
  readonly speed: number | null;
  readonly referenceSpeed: number;
  /** Price of the reference for one hour; null: the offer's price is in another currency. */
  readonly referencePrice: number | null;
  readonly needGb: number;
  /** null: not known. */
  readonly vramGb: number | null;
  readonly fits: boolean | null;
  readonly availability: AvailabilityStatus | null;
  readonly reliability: number | null;
  readonly regionFactor: number;
  readonly budgetFactor: number;
}

export interface Efficiency {
  /** 0 to 100; null when no part of it is known. */
  readonly score: number | null;
  readonly parts: Readonly<Record<PartName, number | null>>;
  /** Over the parts that are known; they sum to 1. */
  readonly weights: Weights;
}

const AVAILABILITY: Readonly<Record<AvailabilityStatus, number>> = { available: 1, limited: 0.8, unavailable: 0 };
/** A quarter more than is needed is all the room that helps. */
const USEFUL_ROOM = 0.25;

/**
 * 100 x (sum of weight x part) x region factor x budget factor. value = 1 / (1 + cost of a unit / that of the reference), speed =
 * s / (s + reference), memory = (VRAM / need - 1) / 0.25 within 0 and 1, reliability = score x availability. A part that is not
 * known is left out and the others fill its weight. 0 for what does not fit or cannot be had.
 */
export function efficiencyScore(figures: EfficiencyFigures): Efficiency {
  const parts = partsOf(figures);
  const weights = knownWeights(WEIGHTS[figures.type], parts);
  const sum = PART_NAMES.reduce((total, name) => total + weights[name] * (parts[name] ?? 0), 0);
  const useless = figures.fits === false || figures.availability === 'unavailable';
  const known = PART_NAMES.some((name) => parts[name] !== null);
  const score = known ? 100 * sum * figures.regionFactor * figures.budgetFactor : null;
  return { score: useless ? 0 : score, parts, weights };
}

function partsOf(figures: EfficiencyFigures): Record<PartName, number | null> {
  const { speed, referenceSpeed, pricePerHour, referencePrice, vramGb, needGb, reliability } = figures;
  const relativeCost =
    speed === null || referencePrice === null ? null : pricePerHour / speed / (referencePrice / referenceSpeed);
  return {
    value: relativeCost === null ? null : 1 / (1 + relativeCost),
    speed: speed === null ? null : speed / (speed + referenceSpeed),
    memory: vramGb === null ? null : Math.min(1, Math.max(0, (vramGb / needGb - 1) / USEFUL_ROOM)),
    reliability: reliability === null ? null : reliability * AVAILABILITY[figures.availability ?? 'available'],
  };
}

function knownWeights(weights: Weights, parts: Readonly<Record<PartName, number | null>>): Weights {
  const known = (name: PartName): number => (parts[name] === null ? 0 : weights[name]);
  const total = PART_NAMES.reduce((sum, name) => sum + known(name), 0);
  const share = (name: PartName): number => (total === 0 ? 0 : known(name) / total);
  return {
    value: share('value'),
    speed: share('speed'),
    memory: share('memory'),
    reliability: share('reliability'),
  };
}
