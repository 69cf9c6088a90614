import type { MemoryKind } from '../benchmarks/gpu-facts';
import type { Engine } from './engine';
import { FITTED } from './fitted';
import { activeParameters, kvBytesPerToken, weightBytes, weightBytesRead, type ModelShape } from './model-shape';
import type { Precision } from './precision';

/** What the estimate needs to know of a card. */
export interface Card {
  readonly gpuModel: string;
  readonly memoryKind: MemoryKind;
  /** GB/s. */
  readonly memoryBandwidth: number;
  readonly vramGb: number | null;
  /** Dense, TFLOPS. */
  readonly tflopsFp16: number | null;
  /** Dense, TOPS. */
  readonly topsInt8: number | null;
}

export interface Workload {
  readonly model: ModelShape;
  readonly precision: Precision;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface DecodeConstants {
  readonly bandwidthFactor: number;
  readonly secondsPerLayer: number;
}
export type ServingConstants = { readonly [Name in keyof typeof FITTED.serving]: number };

/** Share of VRAM, in decimal GB, that serving engines fill with weights and cache; the serving constants are fitted with it. */
const USABLE_VRAM = 0.9;
const GB = 1e9;

/** Bytes that one step of one request reads: every weight that takes part, and the cache as it is half way through the answer. */
export function bytesPerStep({ model, precision, inputTokens, outputTokens }: Workload): number {
  const context = inputTokens + outputTokens / 2;
  return weightBytesRead(model, precision.bits, 1) + kvBytesPerToken(model, precision.kvBytes) * context;
}

/** Seconds for one token of one request under llama.cpp. */
export function decodeSeconds(
  card: Pick<Card, 'memoryKind' | 'memoryBandwidth'>,
  workload: Workload,
  constants: DecodeConstants = FITTED.decode[card.memoryKind],
): number {
  const reading = bytesPerStep(workload) / (card.memoryBandwidth * GB);
  return constants.bandwidthFactor * reading + constants.secondsPerLayer * workload.model.layers;
}

/**
 * Tokens a second of one request. GPUs that split each layer read their parts at once; the engine's own time for each layer, now
 * with an exchange in it, stays: gpt-fast's Llama-2 on 2, 4 and 8 A100 is met within 26 %.
 */
export function singleStream(card: Card, workload: Workload, engine: Engine, gpuCount: number): number {
  const memoryBandwidth = card.memoryBandwidth * (engine.tensorParallel ? gpuCount : 1);
  return engine.factor / decodeSeconds({ ...card, memoryBandwidth }, workload);
}

export interface ServingEstimate {
  /** Generated tokens a second over all requests, prompts' reading included. */
  readonly tokensPerSecond: number;
  /** Requests that run at once: asked for, or as many as the memory holds. */
  readonly batch: number;
}

/** null when the card's compute rate or memory is not known, or the weights leave no room. */
export function serving(
  card: Card,
  workload: Workload,
  wanted: number,
  constants: ServingConstants = FITTED.serving,
): ServingEstimate | null {
  const { model, precision, inputTokens, outputTokens } = workload;
  const tflops = (precision.eightBitCompute && eightBitRate(card)) || card.tflopsFp16;
  if (tflops === null || card.vramGb === null) return null;
  const weights = weightBytes(model, precision.bits);
  const kv = kvBytesPerToken(model, precision.kvBytes);
  const room = (USABLE_VRAM * card.vramGb * GB - weights) / (kv * (inputTokens + outputTokens));
  if (room < 1) return null;
  const batch = Math.min(wanted, room);
  const reading =
    (weightBytesRead(model, precision.bits, batch) + batch * kv * (inputTokens + outputTokens / 2)) /
    (card.memoryBandwidth * GB);
  const computing = (2 * activeParameters(model) * batch) / (tflops * 1e12);
  const step =
    Math.max(reading / constants.bandwidthShare, computing / constants.computeShare) +
    constants.secondsPerLayer * model.layers;
  const prefill = (2 * activeParameters(model) * inputTokens * batch) / (tflops * 1e12 * constants.prefillShare);
  return { tokensPerSecond: (batch * outputTokens) / (prefill + outputTokens * step), batch };
}

/** Ampere has 8-bit integers but no FP8: there its FP16 units do the work. */
const eightBitRate = ({ gpuModel, topsInt8 }: Card): number | null =>
  /^A\d|^RTX-A|^RTX-30/.test(gpuModel) ? null : topsInt8;
