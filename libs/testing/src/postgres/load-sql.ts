import { readFile } from 'node:fs/promises';
import { Client } from 'pg';

/** Lines that pg_dump writes for psql alone. */
const PSQL_LINE = /^\\(un)?restrict\s.*$/gm;

/** Runs a plain dump (`pg_dump --inserts`) against a database, in one transaction. COPY blocks are not understood. */
export async function loadSql(url: string, file: string): Promise<void> {
  const sql = (await readFile(file, 'utf8')).replace(PSQL_LINE, '');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
