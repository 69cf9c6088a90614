/** Unit costs keep six significant digits (SPEC G2). */
export const unitCost = (value: number): number => Number(value.toPrecision(6));

/** Money and scores are shown with four decimals (SPEC C2). */
export const shown = (value: number): number => Math.round(value * 1e4) / 1e4;
