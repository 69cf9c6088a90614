import type { Quality } from '@gpubroker/contracts/math';
import { memoryNeed } from '../memory/inference-memory';
import { onSeveral, pace, type Demand } from './demand';
import { PERIOD_SECONDS } from './quantity-seconds';
import type { WorkloadRequest } from './workload-request';

/** One network pass on each frame: detection, enhancement at 1080p, enlargement to 4K. Supposed, not measured. */
const EFFORT: Readonly<Record<Quality, { flops: number; workingBytes: number; what: string }>> = {
  draft: { flops: 0.1e12, workingBytes: 2.5e9, what: 'detection' },
  standard: { flops: 1e12, workingBytes: 6e9, what: 'enhancement at 1080p' },
  high: { flops: 4e12, workingBytes: 14e9, what: 'enlargement to 4K' },
};
const FRAMES_A_SECOND = 30;
const CLIP_SECONDS = 10;
const MODEL_BYTES = 0.5e9;
const RUNTIME_BYTES = 0.65e9;
/** Share of the dense rate that convolutions over frames reach. */
const SHARE = 0.3;
const SPREAD = 0.7;
const CONFIDENCE = 0.3;
const HOUR = 3_600;

/** Footage that passes a network frame by frame. */
export function videoDemand(request: WorkloadRequest): Demand {
  const { flops, workingBytes, what } = EFFORT[request.quality ?? 'standard'];
  const need = memoryNeed({
    weights: MODEL_BYTES,
    kv: 0,
    activations: workingBytes * (request.batch ?? 1),
    runtime: RUNTIME_BYTES,
  });
  return {
    unit: 'hours of video',
    ...footageOf(request),
    hours: null,
    divisible: false,
    memoryOn: (gpuCount) => onSeveral(need, gpuCount),
    paceOn: ({ tflopsFp16 }) =>
      tflopsFp16 === null
        ? null
        : pace((tflopsFp16 * 1e12 * SHARE) / (flops * FRAMES_A_SECOND * HOUR), SPREAD, CONFIDENCE),
    facts: [
      `Each of ${FRAMES_A_SECOND} frames a second takes ${flops / 1e12} TFLOP (${what}).`,
      'No public measurement of such work was found: the figures are orders of magnitude.',
    ],
    assumptions: request.quality === null ? ['No quality was given: the standard is supposed.'] : [],
  };
}

/** Hours of footage; images are frames, anything else is clips of ten seconds. */
function footageOf({ quantity }: WorkloadRequest): Pick<Demand, 'amount' | 'rate'> {
  if (quantity === null) return { amount: null, rate: null };
  const { value, unit, per } = quantity;
  const seconds = unit === 'hours' ? value * HOUR : unit === 'images' ? value / FRAMES_A_SECOND : value * CLIP_SECONDS;
  const hours = seconds / HOUR;
  return per === null ? { amount: hours, rate: null } : { amount: null, rate: hours / PERIOD_SECONDS[per] };
}
