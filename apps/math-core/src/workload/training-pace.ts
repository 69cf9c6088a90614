import type { TrainingMethod } from '../memory/training-memory';
import type { Card } from '../throughput/estimate';
import { pace, type Pace } from './demand';

/**
 * Share of the dense FP16 rate that training reaches (MFU): mosaicml/llm-foundry, 7B to 30B on 8 GPUs, H100 0.38 to 0.46, A100
 * 0.55 to 0.64. Other cards were not measured there.
 */
const MEASURED = [
  { cards: /^(H100|H200|H800|GH200|B200|B300|GB)/, share: 0.42, spread: 0.25 },
  { cards: /^A100/, share: 0.58, spread: 0.25 },
];
const UNMEASURED = { share: 0.35, spread: 0.5 };
/** 4-bit weights are unpacked at every use. */
const UNPACKING = 0.7;
/** What each further GPU adds, gradients exchanged over a fast link. */
const SCALING_EXPONENT = 0.95;
const MORE_GPUS_SPREAD = 0.1;

/** Samples a second; null without a compute rate. */
export function trainingPace(
  { gpuModel, tflopsFp16 }: Pick<Card, 'gpuModel' | 'tflopsFp16'>,
  gpuCount: number,
  method: TrainingMethod,
  flopsPerSample: number,
): Pace | null {
  if (tflopsFp16 === null) return null;
  const { share, spread: own } = MEASURED.find(({ cards }) => cards.test(gpuModel)) ?? UNMEASURED;
  const rate = tflopsFp16 * 1e12 * share * (method === 'qlora' ? UNPACKING : 1) * gpuCount ** SCALING_EXPONENT;
  const spread = own + (gpuCount > 1 ? MORE_GPUS_SPREAD : 0);
  return pace(rate / flopsPerSample, spread, Math.max(0, Math.round((1 - Math.sinh(spread)) * 100) / 100));
}
