import { Decimal } from 'decimal.js';
import type { RejectionReason } from '../adapter/provider-offer';

/** Plain notation always (no 1e-7 in a numeric column) and digits to spare for a division. */
const Money = Decimal.clone({ precision: 30, toExpNeg: -30, toExpPos: 30 });

/** No GPU rents for this much an hour; what claims to is a placeholder ("not for sale", written as a number). */
const PLACEHOLDER_PER_GPU_HOUR = 500;
/** Rounds to 0.0000 in the database's four decimals, and zero is not a price. */
const SMALLEST_PRICE = '0.00005';

export function decimal(value: number | string): Decimal {
  return new Money(value);
}

export interface NodePrice {
  readonly pricePerNodeHour: string;
  readonly pricePerGpuHour: string;
}

export interface PriceProblem {
  readonly reason: RejectionReason;
  readonly detail: string;
}

/** An amount as clouds send it: number, decimal string, null, "". null: nothing was said; `malformed`: not an amount. */
export function parseAmount(value: unknown): Decimal | 'malformed' | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'number' && typeof value !== 'string') return 'malformed';
  const text = String(value).trim();
  if (text === '') return null;
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?$/i.test(text)) return 'malformed';
  return decimal(text);
}

/**
 * The price of a bookable unit and of one GPU in it, or why it is none.
 * @param node per hour, for the unit as sold
 * @param gpuCount above 0; a fraction for a slice
 */
export function nodePrice(node: unknown, gpuCount: number): NodePrice | PriceProblem {
  const amount = parseAmount(node);
  if (amount === null) return { reason: 'price_missing', detail: 'No price is given.' };
  if (amount === 'malformed') return { reason: 'malformed', detail: 'The price is not a number.' };
  if (!Number.isFinite(gpuCount) || gpuCount <= 0) {
    return { reason: 'no_gpu', detail: 'There is no GPU to divide the price by.' };
  }
  if (amount.isNegative() && !amount.isZero()) return { reason: 'out_of_range', detail: 'The price is below zero.' };
  const perGpu = amount.div(decimal(gpuCount));
  if (amount.isZero()) return { reason: 'price_zero', detail: 'Zero is not a price.' };
  if (perGpu.lt(SMALLEST_PRICE)) {
    return { reason: 'price_placeholder', detail: 'The price rounds to zero.' };
  }
  if (perGpu.gte(PLACEHOLDER_PER_GPU_HOUR)) {
    return { reason: 'price_placeholder', detail: `No GPU costs ${PLACEHOLDER_PER_GPU_HOUR} or more an hour.` };
  }
  return { pricePerNodeHour: amount.toFixed(), pricePerGpuHour: perGpu.toFixed() };
}

export function isPriceProblem(price: NodePrice | PriceProblem): price is PriceProblem {
  return 'reason' in price;
}

/** Per-GPU price × count, exact: 2.99 × 8 = 23.92. */
export function times(price: string | number, count: number): string {
  return decimal(price).times(decimal(count)).toFixed();
}
