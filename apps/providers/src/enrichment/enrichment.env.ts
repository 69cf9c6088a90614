import type { CircuitRule } from '@gpubroker/circuit-breaker';
import { circuitEnv, positiveInt } from '@gpubroker/platform/config';
import { z } from 'zod';

const mathCircuit = circuitEnv('MATH_BREAKER', 'WINDOW_MS', 'Failures of math-core that open its circuit');

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
  ...mathCircuit.env,
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
    breaker: mathCircuit.toRule(values),
  };
}
