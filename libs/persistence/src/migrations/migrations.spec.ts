import { join } from 'node:path';
import { freshDatabase, loadSql, type FreshDatabase } from '@gpubroker/testing/postgres';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { Client } from 'pg';
import { Column, Entity, Index, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { DatabaseDefinition } from '../database';
import {
  assertNoDrift,
  describeDrift,
  migrationCli,
  MigratorBusyError,
  planMigrations,
  revertLastMigration,
  runMigrations,
} from '.';

@Entity({ name: 'notes', schema: 'public' })
class NoteEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('character varying', { length: 255 }) title!: string;
  @Column('numeric', { precision: 10, scale: 4, nullable: true }) price!: string | null;
}

class CreateNotes0000000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE IF NOT EXISTS public.notes (id uuid PRIMARY KEY, title varchar(255) NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE public.notes');
  }
}

class AddPrice0000000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE public.notes ADD COLUMN IF NOT EXISTS price numeric(10,4)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE public.notes DROP COLUMN price');
  }
}

class IndexWithoutLock0000000000003 implements MigrationInterface {
  readonly transaction = false;
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX CONCURRENTLY IF NOT EXISTS notes_by_title ON public.notes (title)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX public.notes_by_title');
  }
}

class Fails0000000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE public.half (id int)');
    await runner.query('SELECT 1 / 0');
  }
  async down(): Promise<void> {
    return Promise.resolve();
  }
}

const NAMES = ['CreateNotes0000000000001', 'AddPrice0000000000002', 'IndexWithoutLock0000000000003'];

let server: FreshDatabase;
let client: Client;
beforeEach(async () => {
  server = await freshDatabase();
  client = new Client({ connectionString: server.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await server.drop();
});

const definition = (more: Partial<DatabaseDefinition> = {}): DatabaseDefinition => ({
  name: 'notes',
  url: server.url,
  entities: [NoteEntity],
  migrations: [CreateNotes0000000000001, AddPrice0000000000002, IndexWithoutLock0000000000003],
  schema: 'notes',
  ...more,
});

const exists = async (name: string): Promise<boolean> => {
  const { rows } = await client.query<{ found: string | null }>('SELECT to_regclass($1)::text AS found', [name]);
  return rows[0]?.found != null;
};

describe('planMigrations', () => {
  it('shows the SQL of what is pending and changes nothing', async () => {
    const plan = await planMigrations(definition());

    expect(plan.applied).toEqual([]);
    expect(plan.pending.map(({ name }) => name)).toEqual(NAMES);
    expect(plan.pending[1]?.statements).toEqual([
      'ALTER TABLE public.notes ADD COLUMN IF NOT EXISTS price numeric(10,4)',
    ]);
    expect(await exists('public.notes')).toBe(false);
    expect(await exists('notes.migrations')).toBe(false);
  });

  it('names what another release applied', async () => {
    await runMigrations(definition());
    const plan = await planMigrations(definition({ migrations: [CreateNotes0000000000001] }));

    expect(plan).toEqual({ applied: NAMES.slice(0, 1), pending: [], unknown: NAMES.slice(1) });
  });
});

describe('runMigrations', () => {
  it('runs what is pending once, in order, and keeps its book in the schema of the service', async () => {
    expect(await runMigrations(definition())).toEqual(NAMES);
    expect(await runMigrations(definition())).toEqual([]);
    expect(await exists('notes.migrations')).toBe(true);
    expect(await exists('public.notes_by_title')).toBe(true);
  });

  it('is run by one of several that start together', async () => {
    const ran = await Promise.all([1, 2, 3].map(() => runMigrations(definition())));

    expect(ran.flat().sort()).toEqual([...NAMES].sort());
  });

  it('keeps those before the one that fails, and nothing of that one', async () => {
    const failing = definition({ migrations: [CreateNotes0000000000001, Fails0000000000004] });

    await expect(runMigrations(failing)).rejects.toThrow(/division by zero/);
    expect(await exists('public.notes')).toBe(true);
    expect(await exists('public.half')).toBe(false);
    expect((await planMigrations(failing)).applied).toEqual(['CreateNotes0000000000001']);
  });

  it('gives up when another migrator does not end in time', async () => {
    await client.query("SELECT pg_advisory_lock(hashtextextended('gpubroker:migrate', 0))");

    await expect(runMigrations(definition(), { patienceMs: 300 })).rejects.toThrow(MigratorBusyError);
    expect(await exists('public.notes')).toBe(false);
  });

  it('lets go of a locked table after a second, and succeeds when it is free', async () => {
    await runMigrations(definition({ migrations: [CreateNotes0000000000001] }));
    await client.query('BEGIN; LOCK TABLE public.notes IN ACCESS SHARE MODE');
    const migrating = runMigrations(definition(), { lockPauseMs: 10 });
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await client.query('COMMIT');

    expect(await migrating).toEqual(NAMES.slice(1));
  });

  it('reports the lock when it never gets it', async () => {
    await runMigrations(definition({ migrations: [CreateNotes0000000000001] }));
    await client.query('BEGIN; LOCK TABLE public.notes IN ACCESS SHARE MODE');

    await expect(runMigrations(definition(), { lockRetries: 0 })).rejects.toMatchObject({ code: '55P03' });
    await client.query('ROLLBACK');
  });
});

describe('revertLastMigration', () => {
  it('undoes one at a time, the youngest first', async () => {
    await runMigrations(definition());
    const reverted = [];
    for (let step = 0; step < 4; step += 1) reverted.push(await revertLastMigration(definition()));

    expect(reverted).toEqual([...NAMES.toReversed(), null]);
    expect(await exists('public.notes')).toBe(false);
  });
});

@Entity({ name: 'notes', schema: 'public' })
@Index('notes_by_price', ['price'])
class ChangedNoteEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') title!: string;
  @Column('numeric', { precision: 10, scale: 4, nullable: true }) price!: string | null;
  @Column('timestamptz', { nullable: true }) seen!: Date | null;
}

describe('describeDrift', () => {
  it('finds nothing after the migrations, whatever else the tables carry', async () => {
    await runMigrations(definition());
    await client.query('ALTER TABLE notes ADD COLUMN foreign_note text, ALTER COLUMN title SET DEFAULT $$x$$');
    await client.query('CREATE INDEX django_index ON notes (foreign_note); ALTER TABLE notes ADD CHECK (price >= 0)');

    await expect(assertNoDrift(definition())).resolves.toBeUndefined();
  });

  it('finds a missing column, a missing index and another type', async () => {
    await runMigrations(definition());
    const drift = await describeDrift(definition({ entities: [ChangedNoteEntity] }));

    expect(drift.join('\n')).toMatch(/ADD "seen" TIMESTAMP WITH TIME ZONE/);
    expect(drift.join('\n')).toMatch(/CREATE INDEX "notes_by_price"/);
    expect(drift.join('\n')).toMatch(/"title"/);
    await expect(assertNoDrift(definition({ entities: [ChangedNoteEntity] }))).rejects.toThrow(
      /not what the entities say/,
    );
  });
});

describe('migrationCli', () => {
  async function call(...argv: string[]): Promise<{ code: number; printed: string }> {
    const lines: string[] = [];
    // All it is given, as console.log would print it.
    const code = await migrationCli(definition(), argv, (...given: unknown[]) => lines.push(given.join(' ')));
    return { code, printed: lines.join('\n') };
  }

  it('plans, runs, checks and reverts, saying what it did', async () => {
    expect(await call('--check')).toMatchObject({
      code: 1,
      printed: expect.stringContaining('CREATE TABLE') as string,
    });
    expect(await call('--plan')).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/^notes: would run AddPrice\w*:?$/m) as string,
    });
    expect(await call()).toMatchObject({ code: 0, printed: NAMES.map((name) => `notes: ran ${name}`).join('\n') });
    expect(await call()).toMatchObject({ code: 0, printed: 'notes: nothing to run' });
    expect(await call('--check')).toMatchObject({ code: 0, printed: 'notes: the tables fit the entities' });
    for (const name of NAMES.toReversed())
      expect(await call('--revert')).toMatchObject({ code: 0, printed: `notes: reverted ${name}` });
    expect(await call('--revert')).toMatchObject({ code: 0, printed: 'notes: nothing to revert' });
  });

  it('exits with 2 on words it does not know, and with 1 on failure', async () => {
    expect(await call('--now')).toMatchObject({ code: 2, printed: expect.stringContaining('usage') as string });
    expect(await call('--plan', '--revert')).toMatchObject({ code: 2 });
    const lines: string[] = [];
    const unreachable = definition({ url: 'postgresql://nobody@127.0.0.1:9/none' });

    expect(await migrationCli(unreachable, [], (line) => lines.push(line))).toBe(1);
    expect(lines[0]).toMatch(/^notes: failed: /);
  });
});

@Entity({ name: 'gpu_offers', schema: 'public' })
class LegacyOfferEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('numeric', { name: 'price_per_hour', precision: 10, scale: 4 }) pricePerHour!: string;
  @Column('character varying', { name: 'compliance_tags', length: 50, array: true }) complianceTags!: string[];
  @Column('timestamptz', { name: 'last_seen_at' }) lastSeenAt!: Date;
}

describeWithShared('a database of the earlier build', (shared) => {
  it('is no drift for entities that map a part of it', async () => {
    await loadSql(server.url, join(shared, 'data', 'legacy', 'legacy-database.sql'));

    expect(await describeDrift(definition({ entities: [LegacyOfferEntity], migrations: [] }))).toEqual([]);
  });
});
