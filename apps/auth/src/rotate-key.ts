import { Database } from '@gpubroker/persistence/database';
import { startFailure } from '@gpubroker/platform/service';
import { authDatabase } from './auth.database';
import { authService } from './index';
import { rotateKeyFile } from './keys/rotate-key-file';

const PATIENCE_MS = 10_000;

/** `nx run auth:rotate-key`: a new signing key in the data directory; exit 1 when JWT_PRIVATE_KEY names the key. */
async function main(): Promise<void> {
  const config = authService.loadConfig(process.env).own;
  if (config.privateKey !== null) {
    console.error(
      'JWT_PRIVATE_KEY names the signing key: start auth with another one there; nobody is signed out by it.',
    );
    process.exitCode = 1;
    return;
  }
  const database = await Database.open(authDatabase(config));
  try {
    await database.whenReady(PATIENCE_MS);
    const kid = await rotateKeyFile(config.keyFile, config.algorithms[0], database);
    console.log(`Made and announced the signing key ${kid} in ${config.keyFile}.`);
    console.log('Restart auth in five minutes: by then every service knows it. Tokens of the former key stay good.');
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  console.error(startFailure('auth:rotate-key', error));
  process.exitCode = 1;
});
