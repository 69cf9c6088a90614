import type { BenchmarkDto } from '@gpubroker/contracts/math';
import type { BenchmarkFigures } from './benchmark-figures';

/** Speeds that the model can put in the place of ones that nobody measured. */
export type DerivableSpeeds = Pick<BenchmarkFigures, 'tokens7b' | 'tokens13b' | 'tokens70b'>;
type Speed = keyof DerivableSpeeds;

const MEMBER = {
  tokens7b: 'tokens_per_second_7b',
  tokens13b: 'tokens_per_second_13b',
  tokens70b: 'tokens_per_second_70b',
} as const satisfies Record<Speed, keyof BenchmarkDto>;

/** The row on the wire: a derived figure is named, and takes the row's verification away (SPEC C1). */
export function benchmarkAnswer(figures: BenchmarkFigures, estimates: DerivableSpeeds): BenchmarkDto {
  const speeds = Object.keys(MEMBER) as Speed[];
  const derived = speeds
    .filter((speed) => figures[speed] === null && estimates[speed] !== null)
    .map((speed) => MEMBER[speed]);
  return {
    id: figures.id,
    gpu_model: figures.gpuModel,
    tflops_fp32: figures.tflopsFp32,
    tflops_fp16: figures.tflopsFp16,
    tflops_int8: figures.topsInt8,
    memory_bandwidth_gbps: figures.memoryBandwidth,
    vram_gb: figures.vramGb,
    tokens_per_second_7b: figures.tokens7b ?? estimates.tokens7b,
    tokens_per_second_13b: figures.tokens13b ?? estimates.tokens13b,
    tokens_per_second_70b: figures.tokens70b ?? estimates.tokens70b,
    image_gen_per_minute: figures.imagesPerMinute,
    source: derived.length === 0 ? figures.source : `${figures.source}; derived: ${derived.join(', ')}`,
    verified_at: derived.length === 0 ? (figures.verifiedAt?.toISOString() ?? null) : null,
    created_at: figures.createdAt.toISOString(),
    derived,
  };
}
