import { join, resolve } from 'node:path';
import { loadEnv, port, type Env } from '@gpubroker/platform/config';
import { z } from 'zod';

/** What the one-process form reads itself; the services read their own from the same environment. */
export const standaloneEnv = z.object({
  GPUBROKER_DATA_DIR: z
    .string()
    .default('.gpubroker')
    .describe('Where the embedded PostgreSQL, keys and logs are kept'),
  DATABASE_URL: z.url().optional().describe('A PostgreSQL of your own; unset starts the embedded one'),
  EMBEDDED_POSTGRES_PORT: port(0).describe('Port of the embedded PostgreSQL; 0 takes a free one'),
  EMULATOR_SPEED: z.coerce
    .number()
    .positive()
    .default(60)
    .describe('How much faster than real the emulated market and its syncs run'),
  UPSTREAM_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(5_000)
    .describe('Longest wait for one answer of a cloud, in ms'),
});

export interface StandaloneConfig {
  readonly dataDirectory: string;
  readonly databaseDirectory: string;
  readonly logFile: string;
  /** null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  readonly postgresPort: number;
  /** What every service gets on top of the environment. */
  readonly serviceEnv: Env;
}

export function loadStandaloneConfig(env: Env): StandaloneConfig {
  const values = loadEnv('standalone', standaloneEnv, env);
  const dataDirectory = resolve(values.GPUBROKER_DATA_DIR);
  return {
    dataDirectory,
    databaseDirectory: join(dataDirectory, 'postgres'),
    logFile: join(dataDirectory, 'logs', 'services.log'),
    databaseUrl: values.DATABASE_URL ?? null,
    postgresPort: values.EMBEDDED_POSTGRES_PORT,
    serviceEnv: {
      GPUBROKER_DATA_DIR: dataDirectory,
      EMULATOR_SPEED: String(values.EMULATOR_SPEED),
      UPSTREAM_TIMEOUT_MS: String(values.UPSTREAM_TIMEOUT_MS),
    },
  };
}
