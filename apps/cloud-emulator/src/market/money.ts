/** Whole micro-USD per hour: prices are added, multiplied by GPU counts and compared as integers, never as fractions. */
export type MicroUsd = number;

const PLAIN_DECIMAL = /^(\d{1,8})(?:\.(\d{1,6}))?$/;

/**
 * @param decimal USD as a plain decimal, at most six places, for example `1.74`
 * @throws RangeError when it is anything else
 */
export function microUsd(decimal: string): MicroUsd {
  const match = PLAIN_DECIMAL.exec(decimal);
  if (match === null) throw new RangeError(`not a price of at most six decimal places: ${decimal}`);
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'));
}

/** The JSON number closest to the price, for clouds that write prices as numbers. */
export function usdNumber(price: MicroUsd): number {
  return price / 1_000_000;
}
