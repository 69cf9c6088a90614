import type { PriceQuote } from '../market/price-quote';
import { OPEN_END_HOURS, type GpuPlan, type Span } from './gpu-plan';
import type { Budget } from './workload-request';

/** A plan with what it costs at today's prices. */
export interface PricedPlan {
  readonly plan: GpuPlan;
  /** null: nobody sells it, or prices are away. */
  readonly quote: PriceQuote | null;
  /** Lowest price x fewest GPU-hours, typical price x expected ones, typical price x most. */
  readonly cost: Span | null;
}

export function pricedPlan(plan: GpuPlan, quote: PriceQuote | null): PricedPlan {
  const { gpuHours } = plan;
  if (quote === null || gpuHours === null) return { plan, quote, cost: null };
  return {
    plan,
    quote,
    cost: {
      low: quote.lowest * gpuHours.low,
      expected: quote.typical * gpuHours.expected,
      high: quote.typical * gpuHours.high,
    },
  };
}

const DAY = 24;

/** null: no budget, one in another currency than the prices, or a cost that is not known. */
export function withinBudget({ plan, quote, cost }: PricedPlan, budget: Budget | null): boolean | null {
  if (budget === null || quote === null || (budget.currency ?? quote.currency) !== quote.currency) return null;
  if (budget.per === 'total') return cost === null ? null : cost.expected <= budget.amount;
  const perHour = quote.typical * plan.gpuCount * plan.replicas;
  const hours = { hour: 1, day: DAY, month: OPEN_END_HOURS }[budget.per];
  return perHour * hours <= budget.amount;
}

/** Within the budget first, then cheapest, then fastest, then smallest; the name decides what is left. */
export function byMerit(budget: Budget | null): (a: PricedPlan, b: PricedPlan) => number {
  const over = (priced: PricedPlan): number => (withinBudget(priced, budget) === false ? 1 : 0);
  return (a, b) =>
    over(a) - over(b) ||
    compare(a.cost?.expected ?? Infinity, b.cost?.expected ?? Infinity) ||
    compare(b.plan.pace?.expected ?? 0, a.plan.pace?.expected ?? 0) ||
    a.plan.vramGb - b.plan.vramGb ||
    compare(a.plan.gpuModel, b.plan.gpuModel);
}

/** Unlike a difference, also for two infinities. */
const compare = <Value extends number | string>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0);
