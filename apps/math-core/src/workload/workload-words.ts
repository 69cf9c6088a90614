import type { Demand } from './demand';
import type { PricedPlan } from './priced-plan';
import { spoken } from './spoken';

/** "2 x H100-SXM", with its copies. */
export function groupName({ plan }: PricedPlan): string {
  const group = `${plan.gpuCount} x ${plan.gpuModel}`;
  return plan.replicas === 1 ? group : `${plan.replicas} groups of ${group}`;
}

/** How long these GPUs take, and what that costs, in one or two sentences. */
export function planWords(priced: PricedPlan, demand: Demand, now: number): string[] {
  return [paceWords(priced, demand), costWords(priced, now)].filter((sentence) => sentence !== null);
}

function paceWords(priced: PricedPlan, { unit, amount, rate }: Demand): string | null {
  const { pace, hours } = priced.plan;
  if (pace === null) return `The speed of ${priced.plan.gpuModel} is not known.`;
  const speed = `${groupName(priced)} ${priced.plan.replicas === 1 ? 'does' : 'do'} about ${spoken(pace.expected * priced.plan.replicas)} ${unit} a second`;
  if (rate !== null) return `${speed}; ${spoken(rate)} are asked for.`;
  if (amount === null || hours === null) return `${speed}.`;
  return `${speed}: ${spoken(amount)} ${unit} take ${spoken(hours.expected)} h (${spoken(hours.low)} to ${spoken(hours.high)}).`;
}

function costWords({ quote, cost }: PricedPlan, now: number): string | null {
  if (quote === null) return null;
  const price = `${quote.lowest} to ${quote.typical} ${quote.currency} a GPU-hour`;
  const from = `${quote.offers} ${quote.sources.join(' and ')} offers, observed ${age(now - quote.observedAt.getTime())} ago`;
  const sum = cost === null ? '' : ` makes ${spoken(cost.low)} to ${spoken(cost.high)} ${quote.currency}`;
  return `${price} (${from})${sum}.`;
}

function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
