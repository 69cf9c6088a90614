import type { DatabaseDefinition } from '@gpubroker/persistence/database';
import type { KpiConfig } from './kpi.config';
import { kpiMigrations } from './migrations';

/** Everything of kpi lives in one schema. No entities: it is written and asked by whole statements. */
export const KPI_SCHEMA = 'kpi';

export function kpiDatabase(
  config: Pick<KpiConfig, 'databaseUrl' | 'databaseDirectUrl' | 'databasePoolSize'>,
): DatabaseDefinition {
  return {
    name: 'kpi',
    url: config.databaseUrl,
    directUrl: config.databaseDirectUrl,
    poolSize: config.databasePoolSize,
    entities: [],
    migrations: kpiMigrations,
    schema: KPI_SCHEMA,
  };
}
