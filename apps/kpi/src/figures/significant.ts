const DIGITS = 6;

/** Unit costs keep six significant digits (SPEC G2). */
export const significant = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(DIGITS));
