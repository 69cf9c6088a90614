import type { CircuitRule } from '@gpubroker/circuit-breaker';
import { tokenEnv, toTokenTrust, type TokenTrust } from '@gpubroker/platform/auth';
import { eventLogEnv, toEventLogConfig, type EventLogConfig } from '@gpubroker/platform/events';
import { circuitEnv, ConfigError, positiveInt, type ConfigProblem } from '@gpubroker/platform/config';
import type { ServiceEnv } from '@gpubroker/platform/service';
import { z } from 'zod';

const providersCircuit = circuitEnv(
  'MATH_PROVIDERS_BREAKER',
  'WITHIN_MS',
  'Failed calls of providers that open its circuit',
);

export const mathCoreEnv = {
  ...tokenEnv,
  ...eventLogEnv,
  DATABASE_URL: z.url().optional().describe('PostgreSQL of every service that has no URL of its own'),
  MATH_CORE_DATABASE_URL: z.url().optional().describe('PostgreSQL of math-core, in place of DATABASE_URL'),
  DATABASE_DIRECT_URL: z.url().optional().describe('PostgreSQL past the pooler, for LISTEN and session locks'),
  DATABASE_POOL_SIZE: positiveInt(10).describe('Most connections of one service'),
  MATH_MAX_BODY_BYTES: positiveInt(8 * 1_048_576).describe('Largest request body of /math/* in bytes'),
  PROVIDERS_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8102')
    .describe('Where math-core finds providers, for prices and offers'),
  MATH_PROVIDERS_TIMEOUT_MS: positiveInt(2_000).describe('How long math-core waits for an answer of providers, in ms'),
  ...providersCircuit.env,
  MATH_TRAINING_SECONDS: positiveInt(30).describe('Time between two looks for interactions to learn from, in s'),
  MATH_WORKER_THREADS: positiveInt(2).describe('Threads that factorise ratings, beside the one that answers'),
};

export class MathCoreConfig {
  readonly databaseUrl!: string;
  readonly databaseDirectUrl!: string | undefined;
  readonly databasePoolSize!: number;
  readonly maxBodyBytes!: number;
  readonly events!: EventLogConfig;
  /** Time between two looks for interactions to learn from. */
  readonly trainingMs!: number;
  /** Beside the one that answers. */
  readonly workerThreads!: number;
  /** The offers' service, whose prices estimates use. */
  readonly providers!: { readonly url: string; readonly timeoutMs: number; readonly breaker: CircuitRule };
  /** Whose tokens are believed. */
  readonly tokenTrust!: TokenTrust;
}

type Values = z.output<z.ZodObject<typeof mathCoreEnv>> & ServiceEnv;

/** @throws ConfigError naming everything that is missing or unusable at once */
export function toMathCoreConfig(values: Values): MathCoreConfig {
  const databaseUrl = values.MATH_CORE_DATABASE_URL ?? values.DATABASE_URL;
  const trust = trustOrProblems(values);
  if (databaseUrl === undefined || Array.isArray(trust))
    throw new ConfigError('math-core', [
      ...(databaseUrl === undefined ? [MISSING_DATABASE] : []),
      ...(Array.isArray(trust) ? trust : []),
    ]);
  return {
    databaseUrl,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    maxBodyBytes: values.MATH_MAX_BODY_BYTES,
    events: toEventLogConfig(values, databaseUrl),
    trainingMs: values.MATH_TRAINING_SECONDS * 1_000,
    workerThreads: values.MATH_WORKER_THREADS,
    providers: {
      url: values.PROVIDERS_URL,
      timeoutMs: values.MATH_PROVIDERS_TIMEOUT_MS,
      breaker: providersCircuit.toRule(values),
    },
    tokenTrust: trust,
  };
}

const MISSING_DATABASE: ConfigProblem = {
  variable: 'DATABASE_URL',
  message: 'is required and not set (or MATH_CORE_DATABASE_URL)',
};

function trustOrProblems(values: Values): TokenTrust | ConfigProblem[] {
  try {
    return toTokenTrust('math-core', values);
  } catch (error) {
    if (error instanceof ConfigError) return [...error.problems];
    throw error;
  }
}
