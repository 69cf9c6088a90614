import { Database } from '@gpubroker/persistence/database';

/** One moment of the projection, to be asked as often as needed. */
export interface MarketReading {
  rows<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** What the reader of costs should know. */
  readonly costWarnings: readonly string[];
}

/** Aggregates over a hundred thousand rows: compiling them costs more than running them, and sorts shall stay in memory. */
const READING = `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'`;

/** All questions of `work` see one state of the tables, and one time. */
export function readTogether<T>(
  database: Database,
  costWarnings: readonly string[],
  work: (reading: MarketReading) => Promise<T>,
): Promise<T> {
  return database.inTransaction(async (manager) => {
    await manager.query(READING);
    return work({
      rows: async <Row>(sql: string, values: unknown[] = []): Promise<Row[]> => manager.query(sql, values),
      costWarnings,
    });
  });
}

/** Of a statement that always answers with one row. */
export async function oneRow<Row>(reading: MarketReading, sql: string, values?: unknown[]): Promise<Row> {
  const [row] = await reading.rows<Row>(sql, values);
  if (row === undefined) throw new Error('an aggregate answered without a row');
  return row;
}
