import type { Decimal } from 'decimal.js';
import { decimal } from './price';

/** Hours of the month that clouds bill by: 365 × 24 / 12. */
const HOURS_PER_MONTH = 730;

/**
 * Memory and disk of a machine in GB. Decimal units are taken as they are (64,437 MB = 64.437 GB); binary ones keep the
 * number under which memory is sold (a "64 GB" machine has 64 GiB), so 65,536 MiB = 64.
 */
export function gbFrom(amount: number | null | undefined, unit: 'MB' | 'MiB' | 'GB' | 'GiB'): number | null {
  if (amount === null || amount === undefined || !Number.isFinite(amount) || amount < 0) return null;
  switch (unit) {
    case 'MB':
      return round3(amount / 1_000);
    case 'MiB':
      return round3(amount / 1_024);
    case 'GB':
    case 'GiB':
      return round3(amount);
  }
}

/** Dollars from whole cents. */
export function fromCents(cents: number): Decimal {
  return decimal(cents).div(100);
}

/** Per hour from per month. */
export function perHourFromMonth(perMonth: Decimal): Decimal {
  return perMonth.div(HOURS_PER_MONTH);
}

function round3(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
