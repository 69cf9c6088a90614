import { openEventLog } from '@gpubroker/platform/events';
import { runMigrations } from '@gpubroker/persistence/migrations';
import { Client } from 'pg';
import type { KpiConfig } from '../kpi.config';
import { kpiDatabase } from '../kpi.database';
import { rebuildProjection } from './rebuild';

/** `nx run kpi:replay`: folds every event that the log has anew, whether kpi runs or not. @returns exit code */
export async function replayCommand(config: KpiConfig, say: (line: string) => void): Promise<number> {
  await runMigrations(kpiDatabase(config));
  const log = openEventLog('kpi-replay', config.eventLog, {});
  // Past the pooler and without its limits: one transaction, for as long as the log is long.
  const client = new Client({
    connectionString: config.databaseDirectUrl ?? config.databaseUrl,
    application_name: 'kpi-replay',
  });
  try {
    await client.connect();
    await client.query('BEGIN');
    const { folded, unreadable } = await rebuildProjection(client, log.transport);
    await client.query('COMMIT');
    for (const [topic, count] of Object.entries(folded)) say(`${topic}: ${count} events folded`);
    if (unreadable > 0) say(`${unreadable} records could not be read and were left out`);
    say('the projection is rebuilt');
    return 0;
  } finally {
    await client.end();
    await log.close();
  }
}
