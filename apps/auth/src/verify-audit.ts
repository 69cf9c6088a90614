import { Database } from '@gpubroker/persistence/database';
import { startFailure } from '@gpubroker/platform/service';
import { describeVerification, verifyChain } from './audit/audit-verification';
import { authDatabase } from './auth.database';
import { authService } from './index';

const PATIENCE_MS = 10_000;

/** `nx run auth:verify-audit`, on the database that the environment names; exit 1 when the chain does not hold. */
async function main(): Promise<void> {
  const database = await Database.open(authDatabase(authService.loadConfig(process.env).own));
  try {
    await database.whenReady(PATIENCE_MS);
    const found = await database.inTransaction(async (manager) => {
      await manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return verifyChain((text, values) => manager.query(text, values));
    });
    if (found.firstBreak !== null) process.exitCode = 1;
    console.log(describeVerification(found));
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  console.error(startFailure('auth:verify-audit', error));
  process.exitCode = 1;
});
