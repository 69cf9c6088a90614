import { cardOf } from '../benchmarks/benchmark-card';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { fitsInto, inferenceMemory } from '../memory/inference-memory';
import { trainingMemory } from '../memory/training-memory';
import { singleStream } from '../throughput/estimate';
import { engineOf } from '../throughput/engine';
import { modelShape, type ModelShape } from '../throughput/model-shape';
import type { Candidate, CandidateFacts } from './candidate';
import type { WorkProfile } from './parse-recommend';
import { WORK_RULES } from './work-rules';

/** What the speed of inference is compared by when no model was named. */
const USUAL_MODEL = 'llama-2-7b';
const ENGINE = 'llama.cpp';
/** The share of the context that is answer, where the profile says only how long both are. */
const ANSWER_SHARE = 0.8;

/** @param figures of the card; null where the table does not know it */
export function factsOf(candidate: Candidate, figures: BenchmarkFigures | null, profile: WorkProfile): CandidateFacts {
  return {
    speed: figures === null ? null : speedOf(figures, profile),
    memoryGb: candidate.gpuMemoryGb ?? figures?.vramGb ?? null,
  };
}

/** Of one GPU, whether or not it holds the model alone: what it holds is judged apart. */
function speedOf(figures: BenchmarkFigures, profile: WorkProfile): number | null {
  switch (WORK_RULES[profile.type].speed) {
    case 'tflops':
      return figures.tflopsFp16 ?? figures.tflopsFp32;
    case 'bandwidth':
      return figures.memoryBandwidth;
    case 'tokens_per_second': {
      const card = cardOf(figures);
      const model = profile.model ?? modelShape(USUAL_MODEL);
      if (card === null || model === null) return null;
      const outputTokens = Math.max(1, Math.round(profile.contextTokens * ANSWER_SHARE));
      const inputTokens = profile.contextTokens - outputTokens;
      const { precision } = profile;
      return singleStream(card, { model, precision, inputTokens, outputTokens }, engineOf(ENGINE), 1);
    }
  }
}

/** Sequence and adapters that fine-tuning is supposed to use; the estimate of /math/estimate-workload is finer. */
const TUNING = { batch: 1, rank: 64 } as const;

/** Whether so many GB hold the work; null when no model was named, or the work has none. */
export function memoryDemand(profile: WorkProfile): ((vramGb: number) => boolean) | null {
  const need = profile.model === null ? null : needOf(profile, profile.model);
  return need === null ? null : (vramGb) => fitsInto(need, vramGb);
}

function needOf({ type, precision, contextTokens }: WorkProfile, model: ModelShape) {
  switch (type) {
    case 'llm_inference':
      return inferenceMemory({ model, precision, contextTokens, batch: 1 });
    case 'training':
      return trainingMemory({ model, method: 'full', sequence: contextTokens, ...TUNING });
    case 'fine_tuning':
      return trainingMemory({ model, method: 'lora', sequence: contextTokens, ...TUNING });
    default:
      return null;
  }
}
