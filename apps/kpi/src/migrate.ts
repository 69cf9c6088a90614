import { migrationCli } from '@gpubroker/persistence/migrations';
import { startFailure } from '@gpubroker/platform/service';
import { kpiService } from './index';
import { kpiDatabase } from './kpi.database';

/** `nx run kpi:migrate [-- --plan | --revert | --check]`, on the database that the environment names. */
async function main(): Promise<void> {
  process.exitCode = await migrationCli(kpiDatabase(kpiService.loadConfig(process.env).own), process.argv.slice(2));
}

main().catch((error: unknown) => {
  console.error(startFailure('kpi:migrate', error));
  process.exitCode = 1;
});
