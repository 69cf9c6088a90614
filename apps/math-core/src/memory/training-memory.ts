import type { ModelShape } from '../throughput/model-shape';
import { endParameters, memoryNeed, type MemoryNeed } from './inference-memory';

export const TRAINING_METHODS = ['full', 'lora', 'qlora'] as const;
export type TrainingMethod = (typeof TRAINING_METHODS)[number];

export interface TrainingTask {
  readonly model: ModelShape;
  readonly method: TrainingMethod;
  readonly sequence: number;
  readonly batch: number;
  /** Of the adapters; nothing to a full training. */
  readonly rank: number;
}

/** Mixed-precision Adam: weight 2, gradient 2, master 4, two moments of 4 (ZeRO paper). */
export const STATE_BYTES = 16;
const HALF_BYTES = 2;
/** NF4 with its scales. */
const QLORA_BYTES = 4.5 / 8;
/** Logits in 16 and 32 bits with their gradient. */
const LOGIT_BYTES = 10;
/** CUDA context, allocator and optimiser workspace; measured runs lie 1.5 to 2.5 GB above the rest. */
const RUNTIME_BYTES = 2e9;

/** Checkpointed activations, one layer live, and the logits, which are often the larger part. */
export function trainingMemory(task: TrainingTask): MemoryNeed {
  const { model, sequence, batch } = task;
  const tokens = sequence * batch;
  const saved = tokens * model.hidden * model.layers * HALF_BYTES;
  const live = tokens * (8 * model.hidden + 4 * model.intermediate) * HALF_BYTES;
  const logits = tokens * model.vocabulary * LOGIT_BYTES;
  return memoryNeed({ weights: stateBytes(task), kv: 0, activations: saved + live + logits, runtime: RUNTIME_BYTES });
}

/** Weights with all that the optimiser keeps for those that learn. */
export function stateBytes({ model, method, rank }: Pick<TrainingTask, 'model' | 'method' | 'rank'>): number {
  switch (method) {
    case 'full':
      return STATE_BYTES * model.parameters;
    case 'lora':
      return HALF_BYTES * model.parameters + STATE_BYTES * adapterParameters(model, rank);
    case 'qlora': {
      const ends = endParameters(model);
      return QLORA_BYTES * (model.parameters - ends) + HALF_BYTES * ends + STATE_BYTES * adapterParameters(model, rank);
    }
  }
}

/** Adapters on every projection of attention and MLP: rank x (inputs + outputs) each. */
export function adapterParameters({ layers, hidden, intermediate, kvWidth }: ModelShape, rank: number): number {
  const attention = 2 * (hidden + hidden) + 2 * (hidden + kvWidth);
  const mlp = 3 * (hidden + intermediate);
  return rank * layers * (attention + mlp);
}
