import type { CostBasis } from '@gpubroker/contracts/math';
import { engineOf, type Engine } from '../throughput/engine';
import { serving, singleStream, type Card, type Workload } from '../throughput/estimate';
import { MEASUREMENTS } from '../throughput/fit/measurements';
import { FITTED } from '../throughput/fitted';

/** Tokens a second, with an interval that 90 of 100 measurements are to fall into. */
export interface SpeedEstimate {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  /** 0 to 1: one minus half the interval's width over the expected value. */
  readonly confidence: number;
  readonly basis: CostBasis;
}

export interface SpeedQuestion {
  readonly card: Card;
  readonly workload: Workload;
  readonly engine: string;
  readonly batch: number;
  readonly gpuCount: number;
  readonly fits: boolean;
}

/** Half widths in logarithms. The fitted ones are in fitted.ts; the rest are wider than anything that was measured. */
const SPREAD: Readonly<Record<CostBasis, number>> = {
  measured_gpu: FITTED.spread.measuredGpu,
  other_gpu: FITTED.spread.otherGpu,
  other_engine: FITTED.spread.otherEngine,
  serving: FITTED.spread.serving,
  unknown_engine: 0.4,
  mixture: 0.4,
  several_gpus: 0.5,
  does_not_fit: 0.8,
};

const MEASURED_GPUS = new Set(
  MEASUREMENTS.filter(({ batch, engine }) => batch === 1 && engine === 'llama.cpp').map(({ gpuModel }) => gpuModel),
);

/** Speed of the batch asked for; null when a batch was asked for that cannot be estimated or held. */
export function estimateSpeed(question: SpeedQuestion): SpeedEstimate | null {
  const { card, workload, batch, gpuCount } = question;
  const engine = engineOf(question.engine);
  if (batch === 1) return withInterval(singleStream(card, workload, engine, gpuCount), basisOf(question, engine));
  const together = serving(joined(card, gpuCount), workload, batch);
  if (together === null) return null;
  return withInterval(together.tokensPerSecond, widest(basisOf(question, engine), 'serving'));
}

export interface ServingSpeed extends SpeedEstimate {
  readonly batch: number;
}

/** Speed of the largest batch that an engine would run; null when it cannot be estimated. */
export function estimateServing(question: SpeedQuestion): ServingSpeed | null {
  const together = serving(joined(question.card, question.gpuCount), question.workload, FITTED.serving.largestBatch);
  if (together === null) return null;
  const basis = widest(basisOf(question, engineOf('vllm')), 'serving');
  const isCovered = question.gpuCount === 1 && question.workload.model.experts === null;
  return {
    ...withInterval(together.tokensPerSecond, isCovered ? 'serving' : basis),
    batch: Math.floor(together.batch),
  };
}

/** GPUs that share each layer look like one larger card that wastes a part; the interval is wide enough for that. */
function joined(card: Card, gpuCount: number): Card {
  const times = (value: number | null): number | null => (value === null ? null : value * gpuCount);
  return {
    ...card,
    memoryBandwidth: card.memoryBandwidth * gpuCount,
    vramGb: times(card.vramGb),
    tflopsFp16: times(card.tflopsFp16),
    topsInt8: times(card.topsInt8),
  };
}

function basisOf({ card, workload, gpuCount, fits }: SpeedQuestion, engine: Engine): CostBasis {
  if (!fits) return 'does_not_fit';
  if (gpuCount > 1) return 'several_gpus';
  if (workload.model.experts !== null) return 'mixture';
  if (engine.name !== 'llama.cpp') return engine.measured ? 'other_engine' : 'unknown_engine';
  return MEASURED_GPUS.has(card.gpuModel) ? 'measured_gpu' : 'other_gpu';
}

const widest = (a: CostBasis, b: CostBasis): CostBasis => (SPREAD[a] > SPREAD[b] ? a : b);

function withInterval(expected: number, basis: CostBasis): SpeedEstimate {
  const spread = SPREAD[basis];
  return {
    expected,
    low: expected * Math.exp(-spread),
    high: expected * Math.exp(spread),
    confidence: Math.round(Math.max(0, 1 - Math.sinh(spread)) * 100) / 100,
    basis,
  };
}
