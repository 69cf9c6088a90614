import { migrationCli } from '@gpubroker/persistence/migrations';
import { startFailure } from '@gpubroker/platform/service';
import { mathCoreService } from './index';
import { mathCoreDatabase } from './math-core.database';

/** `nx run math-core:migrate [-- --plan | --revert | --check]`, on the database that the environment names. */
async function main(): Promise<void> {
  process.exitCode = await migrationCli(
    mathCoreDatabase(mathCoreService.loadConfig(process.env).own),
    process.argv.slice(2),
  );
}

main().catch((error: unknown) => {
  console.error(startFailure('math-core:migrate', error));
  process.exitCode = 1;
});
