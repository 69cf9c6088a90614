import type { GpuRatesDto, GpuRatesReason } from '@gpubroker/contracts/math';
import { cardOf } from '../benchmarks/benchmark-card';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { fitsInto, inferenceMemory } from '../memory/inference-memory';
import { COST_DEFAULTS } from './cost-request';
import type { GpuRatesItem, GpuRatesRequest } from './gpu-rates-request';
import { shown } from './rounding';
import { estimateSpeed, type SpeedEstimate } from './speed-estimate';

/**
 * The two rates that a price is divided by. Not rounded: the costs made of them are to be those of cost-per-token and
 * cost-per-gflop to the last digit shown.
 */
export function gpuRates(
  { gpuType, gpuCount }: GpuRatesItem,
  task: Pick<GpuRatesRequest, 'model' | 'precision'>,
  figures: BenchmarkFigures | null,
): GpuRatesDto {
  const asked = { gpu_type: gpuType, gpu_count: gpuCount };
  if (figures === null) return { ...asked, gpu_model: null, ...NO_SPEED, gflops: null, reason: 'unknown_gpu' };
  const speed = speedOf(figures, gpuCount, task);
  const tflops = figures.tflopsFp16 ?? figures.tflopsFp32;
  return {
    ...asked,
    gpu_model: figures.gpuModel,
    ...speed,
    gflops: tflops === null ? null : tflops * 1_000 * gpuCount,
  };
}

type Speed = Pick<GpuRatesDto, 'tokens_per_second' | 'tokens_per_second_range' | 'confidence' | 'reason'>;
const NO_SPEED = { tokens_per_second: null, tokens_per_second_range: null, confidence: null } as const;
const noSpeed = (reason: GpuRatesReason): Speed => ({ ...NO_SPEED, reason });

function speedOf(
  figures: BenchmarkFigures,
  gpuCount: number,
  { model, precision }: Pick<GpuRatesRequest, 'model' | 'precision'>,
): Speed {
  const card = cardOf(figures);
  if (card === null) return noSpeed('unknown_bandwidth');
  if (card.vramGb === null) return noSpeed('unknown_memory');
  const { batch, engine, inputTokens, outputTokens } = COST_DEFAULTS;
  const need = inferenceMemory({ model, precision, contextTokens: inputTokens + outputTokens, batch });
  // A cost per token of a model that the card cannot hold would put the smallest card first.
  if (!fitsInto(need, card.vramGb * gpuCount)) return noSpeed('does_not_fit');
  const workload = { model, precision, inputTokens, outputTokens };
  const speed = estimateSpeed({ card, workload, engine, batch, gpuCount, fits: true });
  return speed === null ? noSpeed('unknown_bandwidth') : { ...figure(speed), reason: null };
}

const figure = ({ expected, low, high, confidence }: SpeedEstimate) => ({
  tokens_per_second: expected,
  tokens_per_second_range: { low: shown(low), high: shown(high) },
  confidence,
});
