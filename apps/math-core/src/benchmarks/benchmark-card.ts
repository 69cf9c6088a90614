import { fitsInto, inferenceMemory } from '../memory/inference-memory';
import { decodeSeconds, type Card } from '../throughput/estimate';
import { modelShape } from '../throughput/model-shape';
import { precisionOf } from '../throughput/precision';
import type { DerivableSpeeds } from './benchmark-answer';
import type { BenchmarkFigures } from './benchmark-figures';
import { gpuFacts } from './gpu-facts';

/** The row as the estimator reads it; null without a bandwidth, which nothing can be estimated from. */
export function cardOf(figures: BenchmarkFigures): Card | null {
  const { gpuModel, memoryBandwidth, vramGb, tflopsFp16, topsInt8 } = figures;
  if (memoryBandwidth === null) return null;
  const memoryKind = gpuFacts(gpuModel)?.memoryKind ?? 'gddr';
  return { gpuModel, memoryKind, memoryBandwidth, vramGb, tflopsFp16, topsInt8 };
}

const ANSWER_TOKENS = 1_024;

/** What the model says about speeds nobody measured; null where the card does not hold the model. */
export function estimatedSpeeds(figures: BenchmarkFigures): DerivableSpeeds {
  const card = cardOf(figures);
  const speed = (size: string, bits: string): number | null => (card === null ? null : speedOf(card, size, bits));
  return {
    tokens7b: speed('llama-2-7b', 'fp16'),
    tokens13b: speed('llama-2-13b', 'fp16'),
    tokens70b: speed('llama-2-70b', 'q4_0'),
  };
}

function speedOf(card: Card, size: string, bits: string): number | null {
  const model = modelShape(size);
  const precision = precisionOf(bits);
  if (model === null || precision === null || card.vramGb === null) return null;
  const need = inferenceMemory({ model, precision, contextTokens: ANSWER_TOKENS, batch: 1 });
  if (!fitsInto(need, card.vramGb)) return null;
  return Math.round(1 / decodeSeconds(card, { model, precision, inputTokens: 0, outputTokens: ANSWER_TOKENS }));
}
