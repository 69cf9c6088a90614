import { DataSource, type QueryRunner } from 'typeorm';
import { poolOptions } from './data-source-options';
import type { DatabaseDefinition } from './database-definition';
import { DatabaseUnavailableError } from './database-errors';

/** TypeORM's overloads, as one: what comes in goes on as it is. */
type Query = (...given: unknown[]) => Promise<unknown>;

/** No table, or no schema: nothing was migrated yet. */
const ABSENT = new Set<unknown>(['42P01', '3F000']);

/**
 * A pool that serves nobody before the service's migrations are done, by whichever process: half a schema answers with
 * errors that read like bugs. Whoever asks too early hears what he would while the server is away.
 */
export class MigratedDataSource extends DataSource {
  private checking: Promise<void> | null = null;
  private isMigrated: boolean;

  constructor(private readonly definition: DatabaseDefinition) {
    super(poolOptions(definition));
    this.isMigrated = definition.migrations.length === 0;
  }

  /** TypeORM learns its entities only after it connected; repositories must be usable, and fail as "unavailable", before. */
  async prepare(): Promise<this> {
    await this.buildMetadatas();
    return this;
  }

  /** Every way into the database leads through here: queries, repositories, transactions. */
  override createQueryRunner(...mode: Parameters<DataSource['createQueryRunner']>): QueryRunner {
    const runner = super.createQueryRunner(...mode);
    if (this.isMigrated) return runner;
    const query = runner.query.bind(runner) as Query;
    const afterMigrations: Query = async (...given) => {
      await this.whenMigrated();
      return query(...given);
    };
    return Object.assign(runner, { query: afterMigrations });
  }

  /** One look at a time, however many ask. @throws DatabaseUnavailableError */
  private whenMigrated(): Promise<void> {
    if (this.isMigrated) return Promise.resolve();
    this.checking ??= this.check().finally(() => {
      this.checking = null;
    });
    return this.checking;
  }

  private async check(): Promise<void> {
    const done = await this.doneMigrations();
    this.isMigrated = this.migrations.every(({ name, constructor }) => done.has(name ?? constructor.name));
    if (!this.isMigrated) throw new DatabaseUnavailableError({ cause: new Error('the migrations are not done yet') });
  }

  private async doneMigrations(): Promise<ReadonlySet<string>> {
    const runner = super.createQueryRunner();
    try {
      const rows = await this.query<{ name: string }[]>(`SELECT name FROM ${this.migrationsTable()}`, [], runner);
      return new Set(rows.map(({ name }) => name));
    } catch (error) {
      if (error instanceof Error && 'code' in error && ABSENT.has(error.code)) return new Set();
      throw error;
    } finally {
      await runner.release();
    }
  }

  private migrationsTable(): string {
    return `${this.driver.escape(this.definition.schema)}.${this.driver.escape('migrations')}`;
  }
}
