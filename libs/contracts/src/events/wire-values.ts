import { z } from 'zod';

const DECIMALS = 4;

/** A price as JSON carries it: not negative, finite, at most 4 decimals. */
export const priceValue = z
  .number()
  .nonnegative()
  .refine((value) => Number(value.toFixed(DECIMALS)) === value, { message: `more than ${DECIMALS} decimals` });

/** RFC 3339, UTC, with a `Z`. */
export const timeValue = z.iso.datetime();

/** ISO 4217. */
export const currencyValue = z.string().regex(/^[A-Z]{3}$/);
