import { Decimal } from 'decimal.js';

/** Written apart from the SQL that they are compared with. Prices have four decimals; all are rounded to as many. */
const DECIMALS = 4;

const rounded = (value: Decimal): number => value.toDecimalPlaces(DECIMALS, Decimal.ROUND_HALF_UP).toNumber();

export const sum = (values: readonly number[]): Decimal =>
  values.reduce((total, value) => total.plus(value), new Decimal(0));

export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : rounded(sum(values).div(values.length));

/** Sample standard deviation. */
export function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = sum(values).div(values.length);
  const squares = values.reduce((total, value) => total.plus(middle.minus(value).pow(2)), new Decimal(0));
  return rounded(squares.div(values.length - 1).sqrt());
}

export const median = (values: readonly number[]): number | null => {
  const exact = exactMedian(values);
  return exact === null ? null : rounded(exact);
};

export function exactMedian(values: readonly number[]): Decimal | null {
  const ordered = values.toSorted((one, other) => one - other);
  const lower = ordered[Math.floor((ordered.length - 1) / 2)];
  const upper = ordered[Math.ceil((ordered.length - 1) / 2)];
  return lower === undefined || upper === undefined ? null : new Decimal(lower).plus(upper).div(2);
}

export const least = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.min(...values));
export const most = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));

/** 1 − cheapest ÷ median. */
export function saving(prices: readonly number[]): Decimal | null {
  const middle = exactMedian(prices);
  const cheapest = least(prices);
  return middle === null || cheapest === null ? null : new Decimal(1).minus(new Decimal(cheapest).div(middle));
}

export const roundedOrNull = (value: Decimal | null): number | null => (value === null ? null : rounded(value));
