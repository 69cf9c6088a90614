import { kvBytesPerToken, weightBytes, type ModelShape } from '../throughput/model-shape';
import type { Precision } from '../throughput/precision';

/** Bytes, by what holds them. */
export interface MemoryNeed {
  readonly weights: number;
  /** Keys and values; 0 when training. */
  readonly kv: number;
  readonly activations: number;
  readonly runtime: number;
  readonly total: number;
}

export interface InferenceTask {
  readonly model: ModelShape;
  readonly precision: Precision;
  /** Prompt and answer together, each request. */
  readonly contextTokens: number;
  readonly batch: number;
}

/** CUDA context and libraries, as gpu_poor assumes it. */
const RUNTIME_BYTES = 0.65e9;
/** Engines read a long prompt in pieces of about this many tokens. */
const PREFILL_CHUNK = 2_048;
const ACTIVATION_BYTES = 2;

/** Weights, cache, one layer's activations, runtime. Grows with parameters, bits, context and batch. */
export function inferenceMemory({ model, precision, contextTokens, batch }: InferenceTask): MemoryNeed {
  const liveTokens = Math.min(contextTokens, PREFILL_CHUNK) + batch;
  const perToken = 4 * model.hidden + 2 * model.intermediate;
  return memoryNeed({
    weights: storedBytes(model, precision),
    kv: kvBytesPerToken(model, precision.kvBytes) * contextTokens * batch,
    activations: ACTIVATION_BYTES * perToken * liveTokens,
    runtime: RUNTIME_BYTES,
  });
}

const END_BITS = 16;

/** Embeddings and head: vocabulary x width each; at most half of the model, because small ones use one table for both. */
export const endParameters = ({ parameters, vocabulary, hidden }: ModelShape): number =>
  Math.min(parameters / 2, 2 * vocabulary * hidden);

function storedBytes(model: ModelShape, { bits, keepsEnds }: Precision): number {
  const kept = keepsEnds ? endParameters(model) : 0;
  return weightBytes(model, bits) + (kept * (END_BITS - bits)) / 8;
}

export function memoryNeed(parts: Omit<MemoryNeed, 'total'>): MemoryNeed {
  return { ...parts, total: parts.weights + parts.kv + parts.activations + parts.runtime };
}

/** Part of the memory that is never counted on: fragments, the desktop, what the driver keeps. */
export const SAFETY_MARGIN = 0.05;
/** Makers write GB and ship GiB: a 24 GB card reports 24,564 MiB, an 80 GB one 81,559 and more. */
const BYTES_PER_VRAM_GB = 2 ** 30;

/** @param vramGb of all GPUs that share the work, in the makers' GB */
export const fitsInto = (need: MemoryNeed, vramGb: number): boolean =>
  need.total <= vramGb * BYTES_PER_VRAM_GB * (1 - SAFETY_MARGIN);
