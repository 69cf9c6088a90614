import type { DatabaseDefinition } from '@gpubroker/persistence/database';
import { BenchmarkEntity } from './benchmarks/benchmark.entity';
import type { MathCoreConfig } from './math-core.config';
import { mathCoreMigrations } from './migrations';

/** gpu_benchmarks in public, as the earlier build has it; the migrations table in the service's own schema. */
export function mathCoreDatabase(
  config: Pick<MathCoreConfig, 'databaseUrl' | 'databaseDirectUrl' | 'databasePoolSize'>,
): DatabaseDefinition {
  return {
    name: 'math-core',
    url: config.databaseUrl,
    directUrl: config.databaseDirectUrl,
    poolSize: config.databasePoolSize,
    entities: [BenchmarkEntity],
    migrations: mathCoreMigrations,
    schema: 'math_core',
  };
}
