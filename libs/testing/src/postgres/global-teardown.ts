import { stopKeeper } from './keeper-process';
import { keeperSlot } from './keeper-slot';

/** Jest's globalTeardown: ends the server that globalSetup started and removes its data. */
export default async function globalTeardown(): Promise<void> {
  if (!keeperSlot.keeper) return;
  await stopKeeper(keeperSlot.keeper);
  delete keeperSlot.keeper;
  delete process.env['TEST_POSTGRES_URL'];
}
