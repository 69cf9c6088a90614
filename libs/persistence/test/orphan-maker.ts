/** Started by the specs as a process of its own: opens a cluster, writes one row, reports, and stays until it is killed. */
import { Client } from 'pg';
import { startEmbeddedPostgres } from '@gpubroker/persistence/embedded';

async function make(): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDirectory: process.argv[2] ?? '' });
  const client = new Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS kept (id int)');
  await client.query('INSERT INTO kept VALUES (1)');
  await client.end();
  process.once('disconnect', () => void postgres.stop());
  process.send?.({ pid: postgres.pid });
}

make().catch((error: unknown) => {
  process.send?.({ failure: String(error) });
  process.exit(1);
});
