import type { CircuitRule } from '@gpubroker/circuit-breaker';
import { circuitEnv, ConfigError, positiveInt } from '@gpubroker/platform/config';
import { eventLogEnv, toEventLogConfig, type EventLogConfig } from '@gpubroker/platform/events';
import type { ServiceEnv } from '@gpubroker/platform/service';
import { z } from 'zod';

const mathCircuit = circuitEnv(
  'KPI_MATH_BREAKER',
  'WITHIN_MS',
  'Failed calls of math-core that open its circuit in kpi',
);

export const kpiEnv = {
  ...eventLogEnv,
  KPI_DATABASE_URL: z.url().optional().describe('PostgreSQL of kpi, in place of DATABASE_URL'),
  DATABASE_POOL_SIZE: positiveInt(10).describe('Most connections of one service'),
  MATH_CORE_URL: z.url().default('http://127.0.0.1:8104').describe('Where kpi asks what a token and a GFLOP cost'),
  KPI_MATH_TIMEOUT_MS: positiveInt(3_000).describe('Longest wait of kpi for one answer of math-core, in ms'),
  ...mathCircuit.env,
};

export class KpiConfig {
  readonly databaseUrl!: string;
  readonly databaseDirectUrl!: string | undefined;
  readonly databasePoolSize!: number;
  readonly eventLog!: EventLogConfig;
  readonly mathCore!: { readonly url: string; readonly timeoutMs: number; readonly breaker: CircuitRule };
}

type Values = z.output<z.ZodObject<typeof kpiEnv>> & ServiceEnv;

/** @throws ConfigError when no database is named */
export function toKpiConfig(values: Values): KpiConfig {
  const databaseUrl = values.KPI_DATABASE_URL ?? values.DATABASE_URL;
  if (databaseUrl === undefined)
    throw new ConfigError('kpi', [
      { variable: 'DATABASE_URL', message: 'is required and not set (or KPI_DATABASE_URL)' },
    ]);
  return {
    databaseUrl,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    eventLog: toEventLogConfig(values, databaseUrl),
    mathCore: {
      url: values.MATH_CORE_URL,
      timeoutMs: values.KPI_MATH_TIMEOUT_MS,
      breaker: mathCircuit.toRule(values),
    },
  };
}
