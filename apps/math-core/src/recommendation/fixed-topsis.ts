import { CRITERIA, type Criterion, type WorkRule } from './work-rules';

/** Of one offer; null is what is not known. */
export interface CriterionValues {
  /** Per GPU-hour. */
  readonly price: number;
  readonly speed: number | null;
  /** GB of one GPU. */
  readonly memory: number | null;
  /** 0 to 1. */
  readonly reliability: number | null;
}

/** Values that are worth one half: typical of the market in 2026, and the same whatever else is in the request. */
export const TYPICAL_PRICE = 2;
const TYPICAL_MEMORY_GB = 48;

/**
 * 0 to 1, strictly better for a lower price and for more of the rest. What is not known is worth nothing: an offer must not
 * gain by silence.
 */
export function worthOf(values: CriterionValues, rule: Pick<WorkRule, 'typicalSpeed'>): Record<Criterion, number> {
  return {
    price: TYPICAL_PRICE / (TYPICAL_PRICE + values.price),
    speed: saturating(values.speed, rule.typicalSpeed),
    memory: saturating(values.memory, TYPICAL_MEMORY_GB),
    reliability: values.reliability ?? 0,
  };
}

const saturating = (value: number | null, typical: number): number => (value === null ? 0 : value / (value + typical));

/**
 * TOPSIS whose norms and ideal points are fixed: v = weight x worth, ideal = the weights, anti-ideal = 0. The score of an offer
 * depends on nothing but the offer, so that adding or taking away others turns no two round, and a lower price never costs
 * a rank (SPEC S11); with norms of the request's own columns it can.
 */
export function fixedTopsis(worth: Record<Criterion, number>, weights: Readonly<Record<Criterion, number>>): number {
  let toIdeal = 0;
  let toWorst = 0;
  for (const criterion of CRITERIA) {
    const weight = weights[criterion];
    toIdeal += (weight * (1 - worth[criterion])) ** 2;
    toWorst += (weight * worth[criterion]) ** 2;
  }
  return Math.sqrt(toWorst) / (Math.sqrt(toIdeal) + Math.sqrt(toWorst));
}
