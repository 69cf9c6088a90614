import type { PresetId } from '@gpubroker/contracts/math';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { fixedTopsis, worthOf, type CriterionValues } from '../recommendation/fixed-topsis';
import { WORK_RULES, type WorkRule } from '../recommendation/work-rules';
import type { MarketOffer } from './market-offer';

export type RuledPreset = Exclude<PresetId, 'for_you'>;

export interface Choice {
  readonly offer: MarketOffer;
  readonly why: string;
  /** Of the facts that the rule looks at, the share that is known of the offer. */
  readonly known: number;
  /** How many offers qualified. */
  readonly outOf: number;
}

export interface Market {
  /** Recommendable ones. */
  readonly offers: readonly MarketOffer[];
  readonly figuresOf: (gpuType: string) => BenchmarkFigures | null;
}

interface Rule {
  qualifies(offer: MarketOffer, market: Market): boolean;
  /** Higher is better; null: not known, and then not chosen. */
  value(offer: MarketOffer, market: Market): number | null;
  readonly weights: WorkRule['weights'];
  why(offer: MarketOffer, market: Market): string;
}

const GENERAL: Pick<WorkRule, 'weights' | 'typicalSpeed'> = {
  weights: WORK_RULES.llm_inference.weights,
  typicalSpeed: WORK_RULES.training.typicalSpeed,
};
const ENTERPRISE_WEIGHTS: WorkRule['weights'] = { price: 0.15, speed: 0.3, memory: 0.2, reliability: 0.35 };
/** Below it a card holds no 7B model in 16 bits. */
const USEFUL_MEMORY_GB = 16;
const ENTERPRISE_TAGS = ['soc2', 'iso27001'] as const;

const onDemand = ({ pricing }: MarketOffer): boolean => pricing === 'on_demand';
const tflopsOf = ({ gpu_type }: MarketOffer, { figuresOf }: Market) => figuresOf(gpu_type)?.tflopsFp16 ?? null;

const RULES: Readonly<Record<RuledPreset, Rule>> = {
  best_value: {
    qualifies: (offer, market) => onDemand(offer) && tflopsOf(offer, market) !== null,
    value: (offer, market) => closeness(offer, market, GENERAL.weights),
    weights: GENERAL.weights,
    why: (offer, market) =>
      `The best balance of price, compute rate, memory and reliability: ${tflopsOf(offer, market)} TFLOPS for ${priceOf(offer)}.`,
  },
  highest_performance: {
    qualifies: onDemand,
    value: tflopsOf,
    weights: { price: 0, speed: 1, memory: 0, reliability: 0 },
    why: (offer, market) =>
      `${offer.gpu_type} has the highest dense FP16 rate on offer, ${tflopsOf(offer, market)} TFLOPS, and this is its lowest price.`,
  },
  most_reliable: {
    qualifies: onDemand,
    value: ({ reliability_score: score }) => score,
    weights: { price: 0, speed: 0, memory: 0, reliability: 1 },
    why: (offer) => `${offer.provider} has the best observed reliability, ${offer.reliability_score}.`,
  },
  budget_friendly: {
    qualifies: (offer, market) => onDemand(offer) && (memoryOf(offer, market) ?? 0) >= USEFUL_MEMORY_GB,
    value: (offer) => -offer.price_per_hour,
    weights: { price: 1, speed: 0, memory: 0, reliability: 0 },
    why: (offer) => `The lowest on-demand price of a GPU with at least ${USEFUL_MEMORY_GB} GB: ${priceOf(offer)}.`,
  },
  enterprise_grade: {
    qualifies: (offer) => onDemand(offer) && ENTERPRISE_TAGS.every((tag) => offer.compliance_tags.includes(tag)),
    value: (offer, market) => closeness(offer, market, ENTERPRISE_WEIGHTS),
    weights: ENTERPRISE_WEIGHTS,
    why: (offer) =>
      `${offer.provider} is certified (${offer.compliance_tags.join(', ')}), and this is its best balance with reliability first.`,
  },
};

/** The offer that the rule prefers; equal ones are told apart by price, then by id. null: none qualifies. */
export function choosePreset(preset: RuledPreset, market: Market): Choice | null {
  const rule = RULES[preset];
  const qualified = market.offers.filter((offer) => rule.qualifies(offer, market));
  let best: { offer: MarketOffer; value: number } | null = null;
  for (const offer of qualified) {
    const value = rule.value(offer, market);
    if (value !== null && (best === null || isBetter({ offer, value }, best))) best = { offer, value };
  }
  if (best === null) return null;
  const { offer } = best;
  return {
    offer,
    why: rule.why(offer, market),
    known: knownShare(offer, market, rule.weights),
    outOf: qualified.length,
  };
}

type Valued = { readonly offer: MarketOffer; readonly value: number };

const isBetter = (a: Valued, b: Valued): boolean =>
  a.value !== b.value
    ? a.value > b.value
    : a.offer.price_per_hour !== b.offer.price_per_hour
      ? a.offer.price_per_hour < b.offer.price_per_hour
      : a.offer.id < b.offer.id;

const closeness = (offer: MarketOffer, market: Market, weights: WorkRule['weights']): number =>
  fixedTopsis(worthOf(valuesOf(offer, market), GENERAL), weights);

const valuesOf = (offer: MarketOffer, market: Market): CriterionValues => ({
  price: offer.price_per_hour,
  speed: tflopsOf(offer, market),
  memory: memoryOf(offer, market),
  reliability: offer.reliability_score,
});

const memoryOf = ({ gpu_memory_gb, gpu_type }: MarketOffer, { figuresOf }: Market): number | null =>
  gpu_memory_gb ?? figuresOf(gpu_type)?.vramGb ?? null;

function knownShare(offer: MarketOffer, market: Market, weights: WorkRule['weights']): number {
  const { speed, memory, reliability } = valuesOf(offer, market);
  return (
    weights.price +
    (speed === null ? 0 : weights.speed) +
    (memory === null ? 0 : weights.memory) +
    (reliability === null ? 0 : weights.reliability)
  );
}

const priceOf = ({ price_per_hour, currency }: MarketOffer): string => `${price_per_hour} ${currency} per GPU-hour`;
