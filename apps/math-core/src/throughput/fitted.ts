/**
 * What `nx run math-core:fit` finds on src/throughput/fit/measurements.ts. A spec fits again and compares, so that nobody
 * edits these by hand.
 */
export const FITTED = {
  /** Single stream: seconds = bandwidth factor x bytes / bandwidth + seconds per layer x layers. */
  decode: {
    gddr: { bandwidthFactor: 1.05254, secondsPerLayer: 86.526e-6 },
    hbm: { bandwidthFactor: 1.324857, secondsPerLayer: 136.5884e-6 },
  },
  /** Speed over llama.cpp, single stream. */
  engineFactors: { exllamav2: 1.18861, mlc: 1.273635, 'gpt-fast': 1.337553, lmdeploy: 1.322224 },
  /** Batches: shares of the peak that are reached, and the engine's own time for each layer. */
  serving: { bandwidthShare: 0.85, computeShare: 0.65, prefillShare: 0.6, secondsPerLayer: 90e-6, largestBatch: 256 },
  /** Half width of the 90 % interval of ln(estimate / measured). */
  spread: { measuredGpu: 0.151359, otherGpu: 0.166116, otherEngine: 0.236818, serving: 0.278628 },
} as const;
