import type {
  CostPerGflopAnswerDto,
  CostPerTokenAnswerDto,
  RangeDto,
  ServingFigureDto,
  VramNeedDto,
} from '@gpubroker/contracts/math';
import { fitsInto, inferenceMemory, type MemoryNeed } from '../memory/inference-memory';
import type { Card } from '../throughput/estimate';
import type { CostPerTokenRequest } from './cost-request';
import { shown, unitCost } from './rounding';
import { estimateServing, estimateSpeed, type SpeedEstimate, type SpeedQuestion } from './speed-estimate';

const SECONDS = 3_600;
const MILLION = 1_000_000;

/** null when the batch that was asked for cannot be held or estimated. */
export function costPerTokenAnswer(request: CostPerTokenRequest, card: Card): CostPerTokenAnswerDto | null {
  const { model, precision, batch, inputTokens, outputTokens, gpuCount } = request;
  const contextTokens = inputTokens + outputTokens;
  const need = inferenceMemory({ model, precision, contextTokens, batch });
  const fits = card.vramGb === null ? null : fitsInto(need, card.vramGb * gpuCount);
  const workload = { model, precision, inputTokens, outputTokens };
  const question = { card, workload, engine: request.engine, batch, gpuCount, fits: fits !== false };
  const speed = estimateSpeed(question);
  if (speed === null) return null;
  const perHour = request.pricePerHour * gpuCount;
  const costOf = (tokensPerSecond: number) => perHour / (tokensPerSecond * SECONDS);
  return {
    cost_per_token: unitCost(costOf(speed.expected)),
    cost_per_million_tokens: shown(costOf(speed.expected) * MILLION),
    tokens_per_second: shown(speed.expected),
    confidence: speed.confidence,
    calculation_details: {
      gpu_model: card.gpuModel,
      gpu_count: gpuCount,
      model: model.name,
      parameters: model.parameters,
      precision: precision.name,
      bits_per_weight: precision.bits,
      engine: request.engine,
      batch,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      context_tokens: contextTokens,
      memory_bandwidth_gbps: card.memoryBandwidth,
      tokens_per_second_range: speedRange(speed),
      cost_per_million_tokens_range: costRange(speed, costOf),
      basis: speed.basis,
      vram: vramNeed(need),
      fits,
      serving: servingFigure(question, costOf),
      warnings: warningsOf(fits, speed),
    },
  };
}

function servingFigure(question: SpeedQuestion, costOf: (speed: number) => number): ServingFigureDto | null {
  const speed = estimateServing(question);
  if (speed === null) return null;
  return {
    batch: speed.batch,
    tokens_per_second: shown(speed.expected),
    tokens_per_second_range: speedRange(speed),
    cost_per_million_tokens: shown(costOf(speed.expected) * MILLION),
    cost_per_million_tokens_range: costRange(speed, costOf),
  };
}

const speedRange = ({ low, high }: SpeedEstimate): RangeDto => ({ low: shown(low), high: shown(high) });

/** The fastest end is the cheapest. */
const costRange = ({ low, high }: SpeedEstimate, costOf: (speed: number) => number): RangeDto => ({
  low: shown(costOf(high) * MILLION),
  high: shown(costOf(low) * MILLION),
});

const gigabytes = (bytes: number): number => shown(bytes / 1e9);

export function vramNeed({ weights, kv, activations, runtime, total }: MemoryNeed): VramNeedDto {
  return {
    weights_gb: gigabytes(weights),
    kv_gb: gigabytes(kv),
    activations_gb: gigabytes(activations),
    runtime_gb: gigabytes(runtime),
    total_gb: gigabytes(total),
  };
}

function warningsOf(fits: boolean | null, { basis }: SpeedEstimate): string[] {
  return [
    ...(fits === false
      ? ['The model does not fit into the memory of these GPUs; the speed is what they would reach']
      : []),
    ...(fits === null ? ['The memory of this GPU is not known'] : []),
    ...(basis === 'mixture'
      ? ['No measurement of a mixture of experts is known; the speed follows from its active part']
      : []),
    ...(basis === 'unknown_engine' ? ['No measurement of this engine is known; the speed is that of llama.cpp'] : []),
  ];
}

/** Datasheet rates are what a card never quite reaches, FP32 in place of FP16 is off by a factor. */
const RATE_CONFIDENCE = { fp16: 0.9, fp32: 0.6 } as const;

/** null when no rate of the card is known. */
export function costPerGflopAnswer(
  pricePerHour: number,
  rates: { readonly tflopsFp16: number | null; readonly tflopsFp32: number | null },
): CostPerGflopAnswerDto | null {
  const tflops = rates.tflopsFp16 ?? rates.tflopsFp32;
  if (tflops === null) return null;
  const perTflopHour = pricePerHour / tflops;
  return {
    cost_per_gflop: unitCost(perTflopHour / 1_000),
    cost_per_tflop_hour: unitCost(perTflopHour),
    gpu_tflops: tflops,
    confidence: rates.tflopsFp16 === null ? RATE_CONFIDENCE.fp32 : RATE_CONFIDENCE.fp16,
  };
}
