import { memoryNeed, type MemoryNeed } from '../memory/inference-memory';
import { stateBytes, STATE_BYTES, trainingMemory, type TrainingMethod } from '../memory/training-memory';
import { activeParameters } from '../throughput/model-shape';
import { mediaModel, type MediaModel } from '../throughput/media-model';
import { onSeveral, type Demand } from './demand';
import { languageModel } from './language-model';
import { trainingPace } from './training-pace';
import { spoken, spokenGb } from './spoken';
import type { WorkloadRequest } from './workload-request';

const SEQUENCE = { training: 2_048, fine_tuning: 1_024 } as const;
const EPOCHS = { training: 1, fine_tuning: 3 } as const;
const DATASET_SAMPLES = 10_000;
const RANK = 64;
const STEP_SAMPLES = 8;
/** FLOPs for each parameter and token: forward 2, gradients of activations 2, gradients of weights 2 where all of them learn. */
const FLOPS = { full: 6, lora: 4, qlora: 4 } as const satisfies Record<TrainingMethod, number>;

/** A training or fine-tuning run, states spread over the GPUs (ZeRO 3). */
export function trainingDemand(request: WorkloadRequest): Demand {
  const kind = request.type === 'fine_tuning' ? 'fine_tuning' : 'training';
  const method = request.method ?? (kind === 'training' ? 'full' : 'lora');
  const media = request.modelName === null ? null : mediaModel(request.modelName);
  const run = media === null ? languageRun(request, kind, method) : mediaRun(media, request, method);
  const samples = samplesOf(request, kind);
  return {
    unit: 'samples',
    amount: samples.amount,
    rate: null,
    hours: samples.hours,
    divisible: true,
    memoryOn: run.memoryOn,
    paceOn: (card, gpuCount) => trainingPace(card, gpuCount, method, run.flopsPerSample),
    facts: [...run.facts, ...samples.facts],
    assumptions: [
      ...run.assumptions,
      ...(request.method === null ? [`No method was given: ${method} is supposed.`] : []),
      ...samples.assumptions,
    ],
  };
}

interface Run {
  readonly flopsPerSample: number;
  readonly memoryOn: (gpuCount: number) => MemoryNeed;
  readonly facts: readonly string[];
  readonly assumptions: readonly string[];
}

function languageRun(request: WorkloadRequest, kind: 'training' | 'fine_tuning', method: TrainingMethod): Run {
  const { shape: model, assumption } = languageModel(request.modelName, request.modelSizeB);
  const sequence = request.contextTokens ?? SEQUENCE[kind];
  const task = { model, method, sequence, batch: request.batch ?? 1, rank: RANK };
  const need = trainingMemory(task);
  return {
    flopsPerSample: FLOPS[method] * activeParameters(model) * sequence,
    memoryOn: (gpuCount) => onSeveral(need, gpuCount),
    facts: [
      `${model.name} has ${spoken(model.parameters / 1e9)} billion parameters; ${method} keeps ${spokenGb(stateBytes(task))} of weights and optimiser states.`,
      `A sample has ${spoken(sequence)} tokens.`,
    ],
    assumptions: [
      ...(assumption === null ? [] : [assumption]),
      ...(request.contextTokens === null
        ? [`No length was given: samples of ${spoken(sequence)} tokens are supposed.`]
        : []),
    ],
  };
}

const HALF_BYTES = 2;
/** Activations that a backward pass keeps, over those of a forward pass. */
const KEPT = 6;
const ADAPTER_SHARE = 0.01;
const RUNTIME_BYTES = 2e9;
const USUAL_BATCH = 8;

function mediaRun(model: MediaModel, request: WorkloadRequest, method: TrainingMethod): Run {
  const batch = request.batch ?? USUAL_BATCH;
  const states =
    method === 'full'
      ? STATE_BYTES * model.trained + HALF_BYTES * (model.parameters - model.trained)
      : HALF_BYTES * model.parameters + STATE_BYTES * ADAPTER_SHARE * model.trained;
  const need = memoryNeed({
    weights: states,
    kv: 0,
    activations: (KEPT * model.activationBytes * batch) / USUAL_BATCH,
    runtime: RUNTIME_BYTES,
  });
  return {
    flopsPerSample: (FLOPS[method] / 2) * model.forwardFlops,
    memoryOn: (gpuCount) => onSeveral(need, gpuCount),
    facts: [
      `${model.name} has ${spoken(model.parameters / 1e9)} billion parameters; ${method} keeps ${spokenGb(states)}.`,
    ],
    assumptions: [],
  };
}

interface Samples {
  /** Over all epochs. */
  readonly amount: number | null;
  readonly hours: number | null;
  readonly facts: readonly string[];
  readonly assumptions: readonly string[];
}

/** Samples that pass through the model, over all epochs. */
function samplesOf(request: WorkloadRequest, kind: 'training' | 'fine_tuning'): Samples {
  const { quantity } = request;
  const nothing = { amount: null, hours: null, facts: [], assumptions: [] };
  if (quantity === null) return nothing;
  if (quantity.unit === 'hours') return { ...nothing, hours: quantity.value };
  if (quantity.unit === 'epochs') return wholeSets(request, quantity.value);
  if (quantity.unit === 'steps') {
    const stepSamples = request.batch ?? STEP_SAMPLES;
    const supposed = request.batch === null ? [`No batch was given: ${STEP_SAMPLES} samples a step are supposed.`] : [];
    return { ...nothing, amount: quantity.value * stepSamples, assumptions: supposed };
  }
  const sequence = request.contextTokens ?? SEQUENCE[kind];
  const epochs = request.epochs ?? EPOCHS[kind];
  const once = quantity.unit === 'tokens' ? quantity.value / sequence : quantity.value;
  return {
    ...nothing,
    amount: once * epochs,
    facts: [`${spoken(once)} samples pass ${epochs} time${epochs === 1 ? '' : 's'}.`],
    assumptions: [
      ...(request.epochs === null ? [`No epochs were given: ${epochs} ${epochs === 1 ? 'is' : 'are'} supposed.`] : []),
      ...(quantity.per === null ? [] : [`The amount for each ${quantity.per} is taken as the amount of one run.`]),
    ],
  };
}

function wholeSets({ datasetSamples }: WorkloadRequest, epochs: number): Samples {
  const samples = datasetSamples ?? DATASET_SAMPLES;
  return {
    amount: samples * epochs,
    hours: null,
    facts: [`${spoken(samples)} samples pass ${spoken(epochs)} times.`],
    assumptions:
      datasetSamples === null
        ? [`The size of the data was not given: ${spoken(DATASET_SAMPLES)} samples are supposed.`]
        : [],
  };
}
