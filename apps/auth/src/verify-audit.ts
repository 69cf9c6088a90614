import { Database } from '@gpubroker/persistence/database';
import { startFailure } from '@gpubroker/platform/service';
import { describeVerification, verifyChain } from './audit/audit-verification';
import { authDatabase } from './auth.database';
import { authService } from './index';

const PATIENCE_MS = 10_000;

const ANCHOR = /^(\d{1,15}):([0-9a-f]{64})$/;

/** Each as the log has it: `audit_head`. */
function anchorsOf(texts: readonly string[]): Map<number, string> {
  return new Map(
    texts.map((text) => {
      const [, seq, hash] = ANCHOR.exec(text) ?? [];
      if (seq === undefined || hash === undefined) throw new Error(`${text} is no audit_head of the log`);
      return [Number(seq), hash] as const;
    }),
  );
}

/**
 * `nx run auth:verify-audit [-- AUDIT_HEAD …]`, on the database that the environment names; exit 1 when the chain does not hold
 * or did not stand where the log says.
 */
async function main(): Promise<void> {
  const anchors = anchorsOf(process.argv.slice(2));
  const database = await Database.open(authDatabase(authService.loadConfig(process.env).own));
  try {
    await database.whenReady(PATIENCE_MS);
    const found = await database.inTransaction(async (manager) => {
      await manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return verifyChain((text, values) => manager.query(text, values), anchors);
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
