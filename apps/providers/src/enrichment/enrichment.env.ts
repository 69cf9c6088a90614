import type { CircuitRule } from '@gpubroker/circuit-breaker';
import { positiveInt } from '@gpubroker/platform/config';
import { z } from 'zod';

export const enrichmentEnv = {
  MATH_ENRICHMENT: z
    .enum(['on', 'off', 'true', 'false', '1', '0'])
    .default('on')
    .describe('off: offers carry no cost_per_token and cost_per_gflop, and math-core is not asked'),
  MATH_CORE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .default('http://127.0.0.1:8104')
    .describe('Where providers asks how fast a GPU is'),
  MATH_REFRESH_SECONDS: positiveInt(10, 86_400).describe(
    'Seconds between two questions to math-core: as late does a list say that it is away',
  ),
  MATH_TIMEOUT_MS: positiveInt(3_000, 60_000).describe(
    'Longest wait for one answer of math-core, in ms; lists never wait',
  ),
  MATH_BREAKER_FAILURES: positiveInt(5).describe('Failures of math-core that open its circuit'),
  MATH_BREAKER_WINDOW_MS: positiveInt(30_000).describe('Time within which they must fall, in ms'),
  MATH_BREAKER_OPEN_MS: positiveInt(60_000).describe('How long an open circuit refuses, in ms'),
  MATH_BREAKER_TRIALS: positiveInt(3).describe('Good trials that close it again'),
};

export interface EnrichmentConfig {
  readonly mathCoreUrl: string;
  readonly refreshMs: number;
  readonly timeoutMs: number;
  readonly breaker: CircuitRule;
}

const OFF: ReadonlySet<string> = new Set(['off', 'false', '0']);

/** @returns null when it is off */
export function toEnrichmentConfig(values: z.output<z.ZodObject<typeof enrichmentEnv>>): EnrichmentConfig | null {
  if (OFF.has(values.MATH_ENRICHMENT)) return null;
  return {
    mathCoreUrl: values.MATH_CORE_URL,
    refreshMs: values.MATH_REFRESH_SECONDS * 1_000,
    timeoutMs: values.MATH_TIMEOUT_MS,
    breaker: {
      failures: values.MATH_BREAKER_FAILURES,
      withinMs: values.MATH_BREAKER_WINDOW_MS,
      openForMs: values.MATH_BREAKER_OPEN_MS,
      trials: values.MATH_BREAKER_TRIALS,
    },
  };
}
