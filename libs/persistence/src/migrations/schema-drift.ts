import type { DatabaseDefinition } from '../database/database-definition';
import { withMigrationSession } from './migration-session';

export class SchemaDriftError extends Error {
  constructor(readonly statements: readonly string[]) {
    super(`The database is not what the entities say. TypeORM would still run:\n  ${statements.join('\n  ')}`);
    this.name = 'SchemaDriftError';
  }
}

/**
 * What TypeORM's schema builder would still add or change to make the tables fit the entities; empty when they fit.
 * What the tables have beyond the entities (an earlier build's columns, indexes, defaults, constraints) is not drift.
 */
export async function describeDrift(definition: DatabaseDefinition): Promise<string[]> {
  return withMigrationSession(definition, async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query.trim()).filter((statement) => !removesSomethingUnmapped(statement));
  });
}

/** @throws SchemaDriftError when describeDrift finds anything */
export async function assertNoDrift(definition: DatabaseDefinition): Promise<void> {
  const statements = await describeDrift(definition);
  if (statements.length > 0) throw new SchemaDriftError(statements);
}

/**
 * A changed column comes as DROP together with ADD, so the ADD still tells.
 * DROP NOT NULL counts as drift: the code would insert nulls that the table refuses.
 */
const REMOVALS = [
  /^DROP INDEX /,
  /^ALTER TABLE \S+ DROP CONSTRAINT /,
  /^ALTER TABLE \S+ DROP COLUMN /,
  /^ALTER TABLE \S+ ALTER COLUMN \S+ DROP DEFAULT$/,
  /^DROP SEQUENCE /,
  /^DROP TYPE /,
];

export function removesSomethingUnmapped(statement: string): boolean {
  return REMOVALS.some((removal) => removal.test(statement));
}
