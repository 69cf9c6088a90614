import { migrationCli } from '@gpubroker/persistence/migrations';
import { startFailure } from '@gpubroker/platform/service';
import { authDatabase } from './auth.database';
import { authService } from './index';

/** `nx run auth:migrate [-- --plan | --revert | --check]`, on the database that the environment names. */
async function main(): Promise<void> {
  process.exitCode = await migrationCli(authDatabase(authService.loadConfig(process.env).own), process.argv.slice(2));
}

main().catch((error: unknown) => {
  console.error(startFailure('auth:migrate', error));
  process.exitCode = 1;
});
