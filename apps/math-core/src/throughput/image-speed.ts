/** What of a card decides how fast it makes images. */
export interface ImageCard {
  /** Dense, TFLOPS. */
  readonly tflopsFp16: number | null;
  /** GB/s. */
  readonly memoryBandwidth: number;
}

/**
 * SDXL at 1024 px, one image at a time: steps a second = e^(c) x TFLOPS^a x (GB/s)^b. Fitted on rows of stable-fast, onediff
 * (plain PyTorch and compiled) and MLPerf v4.1; c lies between plain PyTorch and a compiled graph, which are 1.3 to 2.4 times
 * apart, and the range takes in both.
 */
const CONSTANT = -2.575;
const RATE_EXPONENT = 0.442;
const BANDWIDTH_EXPONENT = 0.318;
/** Half width of the 90 % range, in logarithms. */
export const IMAGE_SPREAD = 0.45;

/** Denoising steps of SDXL a second; null without a compute rate. */
export function sdxlStepsPerSecond({ tflopsFp16, memoryBandwidth }: ImageCard): number | null {
  if (tflopsFp16 === null) return null;
  return Math.exp(CONSTANT) * tflopsFp16 ** RATE_EXPONENT * memoryBandwidth ** BANDWIDTH_EXPONENT;
}
