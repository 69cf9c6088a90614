import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The SQL a migration would run, without running it: a reader inside the migration gets no rows.
 * Only raw `query` calls are seen; anything else is passed to a runner that records instead of executing.
 */
export async function recordedStatements(dataSource: DataSource, migration: MigrationInterface): Promise<string[]> {
  const statements: string[] = [];
  const runner = dataSource.createQueryRunner();
  runner.enableSqlMemory();
  const record = (sql: string): Promise<unknown[]> => {
    statements.push(sql);
    return Promise.resolve([]);
  };
  const recorder: QueryRunner = new Proxy(runner, {
    get: (target, property): unknown => (property === 'query' ? record : Reflect.get(target, property, target)),
  });
  try {
    await migration.up(recorder);
    return [...statements, ...runner.getMemorySql().upQueries.map(({ query }) => query)].map((sql) => sql.trim());
  } finally {
    runner.clearSqlMemory();
    runner.disableSqlMemory();
    await runner.release();
  }
}
