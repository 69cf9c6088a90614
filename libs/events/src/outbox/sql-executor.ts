/** A transaction that one can ask: a TypeORM EntityManager or a pg PoolClient. */
export interface SqlExecutor {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** TypeORM answers with the rows, pg with an object that holds them. */
export function rowsOf(answer: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(answer)) return answer as Record<string, unknown>[];
  return (answer as { rows: Record<string, unknown>[] }).rows;
}
