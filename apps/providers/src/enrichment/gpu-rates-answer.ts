import { GPU_RATES_REASONS } from '@gpubroker/contracts/math';
import { z } from 'zod';
import type { GpuRate } from '../catalog/unit-costs';

const rate = z.number().positive().nullable();
const text = z.string().min(1).max(100);

const gpuRatesAnswer = z.object({
  assumptions: z.object({
    model: text,
    precision: text,
    engine: text,
    batch: z.number(),
    input_tokens: z.number(),
    output_tokens: z.number(),
  }),
  items: z.array(
    z.object({
      gpu_type: z.string(),
      gpu_count: z.literal(1),
      gpu_model: text.nullable(),
      tokens_per_second: rate,
      gflops: rate,
      reason: z.enum(GPU_RATES_REASONS).nullable(),
    }),
  ),
});

/**
 * math-core's answer to a question for one GPU of each of these models.
 * @returns null unless it is an answer to exactly that: what it leaves out would otherwise look unknown for good
 */
export function readGpuRates(answer: unknown, models: readonly string[]): GpuRate[] | null {
  const read = gpuRatesAnswer.safeParse(answer);
  if (!read.success) return null;
  const { assumptions, items } = read.data;
  const answersEach = items.length === models.length && items.every(({ gpu_type }, at) => gpu_type === models[at]);
  if (!answersEach) return null;
  return items.map((item) => ({
    gpuType: item.gpu_type,
    gpuModel: item.gpu_model,
    tokensPerSecond: item.tokens_per_second,
    gflops: item.gflops,
    reason: item.reason,
    assumptions,
  }));
}
