import type { GpuPlanDto, MoneyRangeDto, PriceSourceDto, RangeDto } from '@gpubroker/contracts/math';
import { shown } from '../cost/rounding';
import type { PriceQuote } from '../market/price-quote';
import type { Demand } from './demand';
import type { Span } from './gpu-plan';
import { withinBudget, type PricedPlan } from './priced-plan';
import type { WorkloadRequest } from './workload-request';

export function planAnswer({ plan, quote, cost }: PricedPlan, now: number): GpuPlanDto {
  return {
    gpu_type: plan.gpuModel,
    gpu_count: plan.gpuCount,
    replicas: plan.replicas,
    vram_gb: plan.vramGb,
    units_per_second: plan.pace === null ? null : digits(plan.pace.expected),
    estimated_hours: plan.hours === null ? null : shown(plan.hours.expected),
    estimated_cost_range: moneyRange(cost, quote),
    price: quote === null ? null : priceSource(quote, now),
  };
}

/** Slow work on slow cards is a small number: six digits that count, not four decimals. */
const digits = (value: number): number => Number(value.toPrecision(6));

export const hoursRange = (hours: Span | null): RangeDto | null =>
  hours === null ? null : { low: shown(hours.low), high: shown(hours.high) };

export const moneyRange = (cost: Span | null, quote: PriceQuote | null): MoneyRangeDto | null =>
  cost === null || quote === null ? null : { low: shown(cost.low), high: shown(cost.high), currency: quote.currency };

const priceSource = (quote: PriceQuote, now: number): PriceSourceDto => ({
  lowest_price_per_hour: quote.lowest,
  typical_price_per_hour: quote.typical,
  currency: quote.currency,
  offers: quote.offers,
  sources: [...quote.sources],
  observed_at: quote.observedAt.toISOString(),
  age_seconds: Math.max(0, Math.round((now - quote.observedAt.getTime()) / 1_000)),
});

/** Each thing that had to be supposed takes this share of the confidence. */
const ASSUMPTION_COST = 0.1;
const UNKNOWN_SPEED = 0.2;

/** Of the speed's own estimate, less a tenth for each assumption, times that of whoever read the sentence. */
export function confidenceOf(request: WorkloadRequest, demand: Demand, chosen: PricedPlan | null): number {
  const own = chosen?.plan.pace?.confidence ?? UNKNOWN_SPEED;
  return Math.round(own * (1 - ASSUMPTION_COST) ** demand.assumptions.length * request.confidence * 100) / 100;
}

const OLD_MS = 3_600_000;

export interface Circumstances {
  readonly request: WorkloadRequest;
  readonly demand: Demand;
  readonly chosen: PricedPlan | null;
  readonly pricesAway: boolean;
  readonly gpuWarning: string | null;
  readonly now: number;
}

export function warningsOf({ request, demand, chosen, pricesAway, gpuWarning, now }: Circumstances): string[] {
  const quote = chosen?.quote ?? null;
  const { budget } = request;
  return [
    ...(gpuWarning === null ? [] : [gpuWarning]),
    ...(chosen === null ? ['No GPU that clouds rent out in numbers holds this work'] : []),
    ...(pricesAway
      ? [quote === null ? 'Prices are not available now' : 'Prices are not available now; the last known ones are used']
      : []),
    ...(!pricesAway && chosen !== null && quote === null ? ['Nobody sells these GPUs on demand now'] : []),
    ...(quote?.sources.includes('emulator') === true ? ['The prices are a demonstration'] : []),
    ...(quote !== null && now - quote.observedAt.getTime() > OLD_MS ? ['Some prices are older than an hour'] : []),
    ...(demand.amount === null && demand.rate === null && demand.hours === null && request.durationHours === null
      ? ['Neither an amount of work nor a duration was given']
      : []),
    ...(budget !== null && quote !== null && (budget.currency ?? quote.currency) !== quote.currency
      ? [`The budget is in ${budget.currency} and was not compared: prices are in ${quote.currency}`]
      : []),
    ...(chosen !== null && withinBudget(chosen, budget) === false
      ? ['The cost at the typical price is above the budget']
      : []),
  ];
}
