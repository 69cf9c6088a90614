import { gpuFacts, type MemoryKind } from '../../benchmarks/gpu-facts';
import { ENGINES, type EngineName } from '../engine';
import {
  decodeSeconds,
  serving,
  type Card,
  type DecodeConstants,
  type ServingConstants,
  type Workload,
} from '../estimate';
import { bytesPerStep } from '../estimate';
import { modelShape } from '../model-shape';
import { precisionOf } from '../precision';
import type { Measurement } from './measurements';

/** A measurement with all that the formulas need. */
export interface Sample {
  readonly measurement: Measurement;
  readonly card: Card;
  readonly workload: Workload;
}

export type DecodeFit = Readonly<Record<MemoryKind, DecodeConstants>>;

/** @throws Error for a row that names a card, model or precision nobody knows: the data is ours */
export function sampleOf(measurement: Measurement): Sample {
  const facts = gpuFacts(measurement.gpuModel);
  const model = modelShape(measurement.model);
  const precision = precisionOf(measurement.precision);
  if (facts === null || facts.memoryBandwidth === null || model === null || precision === null)
    throw new Error(`cannot read ${JSON.stringify(measurement)}`);
  const { inputTokens, outputTokens } = measurement;
  const card: Card = { ...facts, memoryBandwidth: facts.memoryBandwidth };
  return { measurement, card, workload: { model, precision, inputTokens, outputTokens } };
}

const KINDS = ['gddr', 'hbm'] as const satisfies MemoryKind[];
const isOf = (engine: EngineName) => (sample: Sample) =>
  sample.measurement.engine === engine && sample.measurement.batch === 1;

export const isSingleStream = ({ measurement }: Sample): boolean => measurement.batch === 1;
export const isBatched = ({ measurement }: Sample): boolean => measurement.batch !== 1;
export const isReference = isOf('llama.cpp');

/** The two constants of each kind of memory, from single-stream llama.cpp rows. */
export function fitDecode(samples: readonly Sample[]): DecodeFit {
  const constants = KINDS.map((kind) => fitKind(samples.filter(({ card }) => card.memoryKind === kind)));
  return { gddr: constants[0] ?? NOTHING, hbm: constants[1] ?? NOTHING };
}

const NOTHING: DecodeConstants = { bandwidthFactor: 0, secondsPerLayer: 0 };
const ROUNDS = 60;
const FLOOR = 0.02;

/** Least absolute relative error by reweighted least squares: one odd row must not bend the line. */
function fitKind(samples: readonly Sample[]): DecodeConstants {
  const points = samples.map(({ measurement, card, workload }) => {
    const rate = measurement.tokensPerSecond;
    return [(bytesPerStep(workload) / (card.memoryBandwidth * 1e9)) * rate, workload.model.layers * rate] as const;
  });
  let constants = NOTHING;
  let weights = points.map(() => 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    constants = leastSquares(points, weights);
    const { bandwidthFactor: a, secondsPerLayer: b } = constants;
    weights = points.map(([x, y]) => 1 / Math.max(FLOOR, Math.abs(a * x + b * y - 1)));
  }
  return constants;
}

/** a x + b y = 1. */
function leastSquares(points: readonly (readonly [number, number])[], weights: readonly number[]): DecodeConstants {
  let [xx, xy, yy, x1, y1] = [0, 0, 0, 0, 0];
  for (const [index, [x, y]] of points.entries()) {
    const weight = weights[index] ?? 0;
    xx += weight * x * x;
    xy += weight * x * y;
    yy += weight * y * y;
    x1 += weight * x;
    y1 += weight * y;
  }
  const determinant = xx * yy - xy * xy;
  return { bandwidthFactor: (x1 * yy - y1 * xy) / determinant, secondsPerLayer: (xx * y1 - xy * x1) / determinant };
}

/** Median speed of each engine over the llama.cpp line; engines without single-stream rows are left out. */
export function fitEngines(samples: readonly Sample[], decode: DecodeFit): Map<EngineName, number> {
  const factors = new Map<EngineName, number>();
  for (const engine of ENGINES) {
    const ratios = samples
      .filter(isOf(engine))
      .map(
        ({ measurement, card, workload }) =>
          measurement.tokensPerSecond * decodeSeconds(card, workload, decode[card.memoryKind]),
      );
    if (ratios.length > 0) factors.set(engine, engine === 'llama.cpp' ? 1 : quantile(ratios, 0.5));
  }
  return factors;
}

/** ln(estimate / measured) of single-stream rows. */
export function decodeErrors(
  samples: readonly Sample[],
  decode: DecodeFit,
  engines: ReadonlyMap<EngineName, number>,
): number[] {
  return samples.map(({ measurement, card, workload }) => {
    const factor = engines.get(measurement.engine) ?? 1;
    return Math.log(factor / decodeSeconds(card, workload, decode[card.memoryKind]) / measurement.tokensPerSecond);
  });
}

/** The same, each card estimated from the rows of all others. */
export function leaveOneGpuOut(samples: readonly Sample[]): number[] {
  const cards = [...new Set(samples.map(({ card }) => card.gpuModel))];
  return cards.flatMap((left) => {
    const decode = fitDecode(samples.filter(({ card }) => card.gpuModel !== left));
    return decodeErrors(
      samples.filter(({ card }) => card.gpuModel === left),
      decode,
      new Map(),
    );
  });
}

const GRID = {
  bandwidthShare: [0.7, 0.75, 0.8, 0.85, 0.9],
  computeShare: [0.35, 0.45, 0.55, 0.65],
  prefillShare: [0.4, 0.5, 0.6, 0.7],
  secondsPerLayer: [60e-6, 90e-6, 120e-6, 150e-6],
  largestBatch: [256, 512, 1024],
} as const;

/** Best mean error over a grid, each row's capped so that one cannot decide; coarse on purpose, the data is. */
export function fitServing(samples: readonly Sample[]): ServingConstants {
  let best: ServingConstants | null = null;
  let least = Infinity;
  for (const bandwidthShare of GRID.bandwidthShare)
    for (const computeShare of GRID.computeShare)
      for (const prefillShare of GRID.prefillShare)
        for (const secondsPerLayer of GRID.secondsPerLayer)
          for (const largestBatch of GRID.largestBatch) {
            const constants = { bandwidthShare, computeShare, prefillShare, secondsPerLayer, largestBatch };
            const errors = servingErrors(samples, constants).map((error) => Math.min(0.6, Math.abs(error)));
            const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
            if (mean < least) [best, least] = [constants, mean];
          }
  if (best === null) throw new Error('no batched measurements');
  return best;
}

/** ln(estimate / measured) of batched rows. */
export function servingErrors(samples: readonly Sample[], constants: ServingConstants): number[] {
  return samples.map(({ measurement, card, workload }) => {
    const wanted = measurement.batch === 'max' ? constants.largestBatch : measurement.batch;
    const estimate = serving(card, workload, wanted, constants);
    return estimate === null ? Infinity : Math.log(estimate.tokensPerSecond / measurement.tokensPerSecond);
  });
}

export const relative = (logErrors: readonly number[]): number[] =>
  logErrors.map((error) => Math.abs(Math.expm1(error)));

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}
