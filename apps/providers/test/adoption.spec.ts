import { assertNoDrift, planMigrations, revertLastMigration, runMigrations } from '@gpubroker/persistence/migrations';
import { freshDatabase, legacyDatabase, rowsOf, type FreshDatabase } from '@gpubroker/testing/postgres';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { providersMigrations } from '../src/migrations';
import { providersDatabase } from '../src/providers.database';
import { startProviders } from './support/running-providers';

const LEGACY_TABLES = ['providers', 'gpu_offers', 'price_history', 'users', 'tenants', 'audit_logs', 'gpu_benchmarks'];

describe('the migrations', () => {
  let database: FreshDatabase;

  beforeEach(async () => {
    database = await freshDatabase();
  });

  afterEach(() => database.drop());

  const definition = () =>
    providersDatabase({ databaseUrl: database.url, databaseDirectUrl: undefined, databasePoolSize: 2 });

  it('are planned, run once, leave no drift, and can be taken back', async () => {
    const plan = await planMigrations(definition());
    expect(plan.pending).toHaveLength(providersMigrations.length);
    expect(await runMigrations(definition())).toHaveLength(providersMigrations.length);
    expect(await runMigrations(definition())).toEqual([]);
    await assertNoDrift(definition());
    for (const _migration of providersMigrations) expect(await revertLastMigration(definition())).not.toBeNull();
    expect(
      await rowsOf(database.url, "SELECT 1 FROM information_schema.tables WHERE table_name = 'gpu_offers'"),
    ).toEqual([]);
  });
});

describeWithShared('the database of the earlier build', (shared) => {
  let database: FreshDatabase;

  beforeEach(async () => {
    database = await legacyDatabase(shared);
  });

  afterEach(() => database.drop());

  type LegacyRow = Readonly<Record<string, unknown>>;

  /** Every row by table, with exactly the columns that the earlier build knew. */
  const snapshot = (columns: Map<string, string[]>): Promise<LegacyRow[][]> =>
    Promise.all(
      LEGACY_TABLES.map((table) =>
        rowsOf<LegacyRow>(
          database.url,
          `SELECT ${(columns.get(table) ?? []).map((name) => `"${name}"`).join(', ')} FROM public.${table} ORDER BY id`,
        ),
      ),
    );

  /** Of a later snapshot the rows of an earlier one: clouds that the earlier build did not know may have come in. */
  const known = (earlier: LegacyRow[][], later: LegacyRow[][]): LegacyRow[][] =>
    later.map((rows, table) => rows.filter(({ id }) => earlier[table]?.some((row) => row.id === id)));

  const columnsOf = async () => {
    const rows = await rowsOf<{ table_name: string; column_name: string; data_type: string; is_nullable: string }>(
      database.url,
      "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
    );
    const columns = new Map<string, string[]>();
    for (const { table_name, column_name } of rows)
      columns.set(table_name, [...(columns.get(table_name) ?? []), column_name]);
    return { columns, rows };
  };

  it('is adopted: its offers are listed, and nothing in it is changed', async () => {
    const before = await columnsOf();
    const rows = await snapshot(before.columns);
    const providers = await startProviders({ database, env: { RUNPOD_BASE_URL: '' } });
    try {
      const { total, items } = await providers.until((list) => list.total > 0);
      const listable = await rowsOf<{ n: number }>(
        database.url,
        'SELECT count(*)::int AS n FROM gpu_offers WHERE price_per_hour > 0',
      );
      expect(total).toBe(listable[0]?.n);
      expect(items[0]).toMatchObject({ source: 'live', stale: true, gpu_count: null, pricing: null });
      expect(known(rows, await snapshot(before.columns))).toEqual(rows);
      const after = await columnsOf();
      expect(after.rows).toEqual(expect.arrayContaining(before.rows));
      const added = after.rows.filter(
        (column) =>
          !before.rows.some((old) => old.table_name === column.table_name && old.column_name === column.column_name),
      );
      expect(new Set(added.map(({ is_nullable }) => is_nullable))).toEqual(new Set(['YES']));
    } finally {
      await providers.service.stop();
      await providers.cloud.stop();
    }
  });

  it('goes on taking the writes of the earlier build, which are listed too', async () => {
    const providers = await startProviders({ database, env: { RUNPOD_BASE_URL: '' } });
    try {
      const { items } = await providers.until((list) => list.total > 0);
      await providers.sql('UPDATE gpu_offers SET price_per_hour = 0.0123 WHERE id = $1', [items[0]?.id]);
      await providers.until(({ items: [first] }) => first?.price_per_hour === 0.0123);
      await providers.sql(
        `INSERT INTO gpu_offers (id, external_id, gpu_type, gpu_memory_gb, cpu_cores, ram_gb, storage_gb, price_per_hour, currency, region,
           availability_status, compliance_tags, last_seen_at, created_at, updated_at, provider_id)
         SELECT gen_random_uuid(), 'written-by-django', 'Brand New Card', 0, 0, 0, 0, 1, 'USD', 'nowhere', 'available', '{}', now(), now(), now(), id
         FROM providers LIMIT 1`,
      );
      const { items: added } = await providers.until((list) => list.total === 1, '?gpu_type=brand+new');
      expect(added[0]).toMatchObject({ gpu_memory_gb: null, ram_gb: null });
      expect((await providers.list('?gpu_type=brand+new&gpu_memory_max=9999')).total).toBe(0);
    } finally {
      await providers.service.stop();
      await providers.cloud.stop();
    }
  });
});
