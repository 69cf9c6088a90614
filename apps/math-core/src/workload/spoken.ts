/** A number as one says it: four digits that count, thousands apart. */
export const spoken = (value: number): string =>
  value.toLocaleString('en-US', value >= 10_000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 });

/** Bytes as GB of 1e9. */
export const spokenGb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
