import { migrationCli } from '@gpubroker/persistence/migrations';
import { startFailure } from '@gpubroker/platform/service';
import { providersService } from './index';
import { providersDatabase } from './providers.database';

/** `nx run providers:migrate [-- --plan | --revert | --check]`, on the database that the environment names. */
async function main(): Promise<void> {
  process.exitCode = await migrationCli(
    providersDatabase(providersService.loadConfig(process.env).own),
    process.argv.slice(2),
  );
}

main().catch((error: unknown) => {
  console.error(startFailure('providers:migrate', error));
  process.exitCode = 1;
});
