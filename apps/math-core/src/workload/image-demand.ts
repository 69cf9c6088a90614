import type { Quality } from '@gpubroker/contracts/math';
import { memoryNeed } from '../memory/inference-memory';
import { IMAGE_SPREAD, sdxlStepsPerSecond } from '../throughput/image-speed';
import { isDistilled, mediaModel, type MediaModel } from '../throughput/media-model';
import { onSeveral, pace, type Demand } from './demand';
import { PERIOD_SECONDS } from './quantity-seconds';
import { spoken } from './spoken';
import type { WorkloadRequest } from './workload-request';

const STEPS: Readonly<Record<Quality, number>> = { draft: 15, standard: 30, high: 50 };
/** Of models that were distilled to a few steps: their publishers name one to four, and up to eight. */
const DISTILLED_STEPS: Readonly<Record<Quality, number>> = { draft: 2, standard: 4, high: 8 };
/** Text encoders and decoder, over the steps themselves. */
const OVERHEAD = 1.1;
const RUNTIME_BYTES = 0.65e9;
const HALF_BYTES = 2;

/** Pictures from a diffusion model; a card makes them alone, several side by side. */
export function imageDemand(request: WorkloadRequest): Demand {
  const { model, stepFactor, assumption } = imageModel(request.modelName);
  const byQuality = request.modelName !== null && isDistilled(request.modelName) ? DISTILLED_STEPS : STEPS;
  const steps = byQuality[request.quality ?? 'standard'];
  const batch = request.batch ?? 1;
  const bytes = request.precision === null ? HALF_BYTES : request.precision.bits / 8;
  const need = memoryNeed({
    weights: model.parameters * bytes,
    kv: 0,
    activations: model.activationBytes * batch,
    runtime: RUNTIME_BYTES,
  });
  return {
    unit: 'images',
    ...imagesOf(request),
    divisible: false,
    memoryOn: (gpuCount) => onSeveral(need, gpuCount),
    paceOn: (card) => {
      const stepsPerSecond = sdxlStepsPerSecond(card);
      if (stepsPerSecond === null) return null;
      return pace((stepsPerSecond * stepFactor) / (steps * OVERHEAD), IMAGE_SPREAD, IMAGE_CONFIDENCE);
    },
    facts: [`Each image takes ${steps} steps of ${model.name} (${spoken(model.parameters / 1e9)} billion parameters).`],
    assumptions: [
      ...(assumption === null ? [] : [assumption]),
      ...(request.quality === null ? [`No quality was given: ${steps} steps, the standard, are supposed.`] : []),
    ],
  };
}

/** One minus half the range over the expected value, as for tokens. */
const IMAGE_CONFIDENCE = Math.round((1 - Math.sinh(IMAGE_SPREAD)) * 100) / 100;

function imageModel(name: string | null): { model: MediaModel; stepFactor: number; assumption: string | null } {
  const named = name === null ? null : mediaModel(name);
  if (named !== null && named.stepFactor !== null)
    return { model: named, stepFactor: named.stepFactor, assumption: null };
  const model = mediaModel('sdxl');
  if (model === null) throw new Error('no model sdxl');
  const assumption =
    name === null
      ? 'No model was named: sdxl stands for it.'
      : named === null
        ? `No figures of ${JSON.stringify(name)} are known: sdxl stands for it.`
        : `${JSON.stringify(name)} makes no images: sdxl stands for it.`;
  return { model, stepFactor: 1, assumption };
}

function imagesOf({ quantity }: WorkloadRequest): Pick<Demand, 'amount' | 'rate' | 'hours'> {
  const none = { amount: null, rate: null, hours: null };
  if (quantity === null) return none;
  const { value, unit, per } = quantity;
  if (unit === 'hours') return { ...none, hours: value };
  return per === null ? { ...none, amount: value } : { ...none, rate: value / PERIOD_SECONDS[per] };
}
