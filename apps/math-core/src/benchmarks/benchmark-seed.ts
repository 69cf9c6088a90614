import { GPU_FACTS, type GpuFacts } from './gpu-facts';
import { FACT_SOURCES, FACTS_READ_AT } from './gpu-fact-sources';
import { MEASURED_SPEEDS } from './measured-speeds';

/** A row for gpu_benchmarks, in the order of its columns after the id. */
export type SeedRow = readonly [
  gpuModel: string,
  tflopsFp32: number,
  tflopsFp16: number,
  tflopsInt8: number | null,
  memoryBandwidth: number,
  vramGb: number,
  tokens7b: number,
  tokens13b: number | null,
  tokens70b: number | null,
  imagesPerMinute: number | null,
  source: string,
  verifiedAt: string | null,
];

const SOURCE_LENGTH = 255;
const whole = (value: number | null | undefined): number | null => (value == null ? null : Math.round(value));

/** Every card of which at least one figure is known. */
export function benchmarkSeed(): SeedRow[] {
  return GPU_FACTS.filter(hasFigures).map(toRow);
}

function hasFigures({ memoryBandwidth, tflopsFp32, tflopsFp16 }: GpuFacts): boolean {
  return memoryBandwidth !== null || tflopsFp32 !== null || tflopsFp16 !== null;
}

function toRow(facts: GpuFacts): SeedRow {
  const speeds = MEASURED_SPEEDS.get(facts.gpuModel);
  return [
    facts.gpuModel,
    facts.tflopsFp32 ?? 0,
    facts.tflopsFp16 ?? 0,
    facts.topsInt8,
    facts.memoryBandwidth ?? 0,
    facts.vramGb ?? 0,
    whole(speeds?.tokens7b) ?? 0,
    whole(speeds?.tokens13b),
    whole(speeds?.tokens70b),
    whole(speeds?.imagesPerMinute),
    sourceText(facts),
    FACTS_READ_AT,
  ];
}

/** The column holds 255 characters: the repositories' names, without what else is known of them. */
export function sourceText({ gpuModel, sources }: Pick<GpuFacts, 'gpuModel' | 'sources'>): string {
  const speeds = MEASURED_SPEEDS.get(gpuModel);
  const names = sources.map((key) => FACT_SOURCES[key].replace(/ .*$/, ''));
  return [...new Set(names), ...(speeds ? [speeds.source] : [])].join('; ').slice(0, SOURCE_LENGTH);
}
