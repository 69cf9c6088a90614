import type { WorkloadType } from '@gpubroker/contracts/math';

/** What offers are judged by. Price counts as a cost, the others as benefits. */
export const CRITERIA = ['price', 'speed', 'memory', 'reliability'] as const;
export type Criterion = (typeof CRITERIA)[number];

export interface WorkRule {
  /** They sum to 1. */
  readonly weights: Readonly<Record<Criterion, number>>;
  /** What "speed" is: tokens/s of one request of the model, dense FP16 TFLOPS, or GB/s of memory. */
  readonly speed: 'tokens_per_second' | 'tflops' | 'bandwidth';
  /** The speed that is worth one half. */
  readonly typicalSpeed: number;
  /** What the work likes to have beside the GPU, for the likeness. */
  readonly liked: { readonly gpuMemoryGb: number; readonly cpuCores: number; readonly ramGb: number };
}

/** By the kind of work (docs/recommendations.md gives the reasons). */
export const WORK_RULES: Readonly<Record<WorkloadType, WorkRule>> = {
  llm_inference: {
    weights: { price: 0.4, speed: 0.35, memory: 0.1, reliability: 0.15 },
    speed: 'tokens_per_second',
    typicalSpeed: 60,
    liked: { gpuMemoryGb: 48, cpuCores: 16, ramGb: 64 },
  },
  image_generation: {
    weights: { price: 0.45, speed: 0.35, memory: 0.05, reliability: 0.15 },
    speed: 'tflops',
    typicalSpeed: 165,
    liked: { gpuMemoryGb: 24, cpuCores: 8, ramGb: 32 },
  },
  training: {
    weights: { price: 0.3, speed: 0.35, memory: 0.15, reliability: 0.2 },
    speed: 'tflops',
    typicalSpeed: 300,
    liked: { gpuMemoryGb: 80, cpuCores: 64, ramGb: 512 },
  },
  fine_tuning: {
    weights: { price: 0.35, speed: 0.3, memory: 0.2, reliability: 0.15 },
    speed: 'tflops',
    typicalSpeed: 300,
    liked: { gpuMemoryGb: 80, cpuCores: 16, ramGb: 128 },
  },
  video_processing: {
    weights: { price: 0.45, speed: 0.3, memory: 0.1, reliability: 0.15 },
    speed: 'tflops',
    typicalSpeed: 165,
    liked: { gpuMemoryGb: 24, cpuCores: 32, ramGb: 64 },
  },
  data_processing: {
    weights: { price: 0.4, speed: 0.25, memory: 0.2, reliability: 0.15 },
    speed: 'bandwidth',
    typicalSpeed: 1_000,
    liked: { gpuMemoryGb: 48, cpuCores: 32, ramGb: 256 },
  },
};
