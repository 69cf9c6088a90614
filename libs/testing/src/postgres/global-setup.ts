import { startKeeper } from './keeper-process';
import { keeperSlot } from './keeper-slot';

/**
 * Jest's globalSetup: one PostgreSQL for the run, its URL in TEST_POSTGRES_URL. A URL that is set already is used as it is.
 */
export default async function globalSetup(): Promise<void> {
  process.env['TEST_POSTGRES_RUN'] = `${Date.now()}_${process.pid}`;
  if (process.env['TEST_POSTGRES_URL']) return;
  const { keeper, url } = await startKeeper();
  keeperSlot.keeper = keeper;
  process.env['TEST_POSTGRES_URL'] = url;
}
