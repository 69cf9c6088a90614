import { decimal, parseAmount, perHourFromMonth } from '@gpubroker/provider-adapter/normalise';

/** A price of the product catalogue: whole units and billionths, per some number of minutes, hours or months. */
export interface CatalogPrice {
  readonly units: unknown;
  readonly nanos: unknown;
  readonly unit: string | null;
  readonly size: number | null;
}

const NANOS = 1_000_000_000;

/** Per hour, decimal string; null: no price is given; undefined: in a unit that is none of time. */
export function hourlyPrice({ units, nanos, unit, size }: CatalogPrice): string | null | undefined {
  const whole = parseAmount(units) ?? decimal(0);
  const part = parseAmount(nanos) ?? decimal(0);
  if (whole === 'malformed' || part === 'malformed') return undefined;
  if (parseAmount(units) === null && parseAmount(nanos) === null) return null;
  if (size === null || size <= 0) return undefined;
  const price = whole.plus(part.div(NANOS)).div(size);
  switch (unit) {
    case 'minute':
      return price.times(60).toFixed();
    case 'hour':
      return price.toFixed();
    case 'day':
      return price.div(24).toFixed();
    case 'month':
      return perHourFromMonth(price).toFixed();
    default:
      return undefined;
  }
}
