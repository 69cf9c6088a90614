import type { EngineName } from '../engine';
import type { ServingConstants } from '../estimate';
import {
  decodeErrors,
  fitDecode,
  fitEngines,
  fitServing,
  isBatched,
  isReference,
  isSingleStream,
  leaveOneGpuOut,
  quantile,
  relative,
  sampleOf,
  servingErrors,
  type DecodeFit,
} from './fit';
import type { Measurement } from './measurements';

export interface ErrorLine {
  readonly what: string;
  readonly rows: number;
  readonly median: number;
  readonly p90: number;
  readonly worst: number;
}

export interface FitReport {
  readonly decode: DecodeFit;
  readonly engines: ReadonlyMap<EngineName, number>;
  readonly serving: ServingConstants;
  /** Half widths of the 90 % intervals, in logarithms. */
  readonly spread: { measuredGpu: number; otherGpu: number; otherEngine: number; serving: number };
  readonly errors: readonly ErrorLine[];
}

/** Fits everything on these rows, and says how well. */
export function fitReport(measurements: readonly Measurement[]): FitReport {
  const samples = measurements.map(sampleOf);
  const reference = samples.filter(isReference);
  const others = samples.filter((sample) => isSingleStream(sample) && !isReference(sample));
  const batched = samples.filter(isBatched);
  const decode = fitDecode(reference);
  const engines = fitEngines(samples, decode);
  const constants = fitServing(batched);
  const own = decodeErrors(reference, decode, engines);
  const left = leaveOneGpuOut(reference);
  const other = decodeErrors(others, decode, engines);
  const inBatches = servingErrors(batched, constants);
  return {
    decode,
    engines,
    serving: constants,
    spread: {
      measuredGpu: widthOf(own),
      otherGpu: widthOf(left),
      otherEngine: widthOf(other),
      serving: widthOf(inBatches),
    },
    errors: [
      errorLine('llama.cpp, single stream', own),
      errorLine('llama.cpp, each card from the others', left),
      errorLine('other engines, single stream', other),
      errorLine('every engine, single stream', [...own, ...other]),
      errorLine('every engine, batched', inBatches),
    ],
  };
}

/** Covers 90 % of these rows, and one row in twenty more: others will be measured. */
const widthOf = (errors: readonly number[]): number => quantile(errors.map(Math.abs), 0.95);

function errorLine(what: string, logErrors: readonly number[]): ErrorLine {
  const errors = relative(logErrors);
  return {
    what,
    rows: errors.length,
    median: quantile(errors, 0.5),
    p90: quantile(errors, 0.9),
    worst: quantile(errors, 1),
  };
}
