import type { MigrationInterface, QueryRunner } from 'typeorm';

const OFFER_COLUMNS: readonly (readonly [string, string])[] = [
  ['gpu_family', 'character varying(60)'],
  ['gpu_count', 'numeric(10,4)'],
  ['price_per_node_hour', 'numeric(12,4)'],
  ['pricing', 'character varying(16)'],
  ['macro_region', 'character varying(8)'],
  ['source', 'character varying(16)'],
  ['upstream_gpu_name', 'character varying(255)'],
  ['gpu_match', 'character varying(16)'],
  ['availability_known', 'boolean'],
  ['attributes', 'jsonb'],
  ['price_changed_at', 'timestamp with time zone'],
  ['vanished_at', 'timestamp with time zone'],
  ['fingerprint', 'character varying(64)'],
  ['catalogue_version', 'bigint'],
];

const PROVIDER_COLUMNS: readonly (readonly [string, string])[] = [
  ['source', 'character varying(16)'],
  ['sync_interval_seconds', 'integer'],
  ['last_good_sync_at', 'timestamp with time zone'],
  ['catalogue_version', 'bigint'],
];

const INDEXES: readonly (readonly [string, string])[] = [
  ['gpu_offers_gpu_type_idx', 'public.gpu_offers (gpu_type)'],
  ['gpu_offers_region_idx', 'public.gpu_offers (region)'],
  ['gpu_offers_price_idx', 'public.gpu_offers (price_per_hour, id)'],
  ['gpu_offers_availability_idx', 'public.gpu_offers (availability_status)'],
  ['gpu_offers_memory_idx', 'public.gpu_offers (gpu_memory_gb)'],
  ['gpu_offers_tags_idx', 'public.gpu_offers USING gin (compliance_tags)'],
  ['gpu_offers_version_idx', 'public.gpu_offers (catalogue_version)'],
  ['gpu_offers_text_idx', "public.gpu_offers USING gin (to_tsvector('simple', gpu_type || ' ' || region))"],
  ['gpu_offers_trigram_idx', "public.gpu_offers USING gin ((gpu_type || ' ' || region) gin_trgm_ops)"],
  ['price_history_offer_idx', 'public.price_history (offer_id, recorded_at)'],
];

/**
 * What the product needs beyond the earlier build's columns: nullable columns, indexes and one trigger, so that a release of
 * that build goes on working on the same tables. The trigger gives rows that it writes a catalogue version, without which
 * the in-memory index would never see them.
 */
export class ExtendCatalogue1763700000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS providers');
    await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public');
    await addColumns(runner, 'gpu_offers', OFFER_COLUMNS);
    await addColumns(runner, 'providers', PROVIDER_COLUMNS);
    for (const [name, definition] of INDEXES) await runner.query(`CREATE INDEX IF NOT EXISTS ${name} ON ${definition}`);
    await this.createHead(runner);
    await this.createVersionTrigger(runner);
    await this.createSyncTables(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER IF EXISTS gpu_offers_version ON public.gpu_offers');
    await runner.query('DROP TRIGGER IF EXISTS gpu_offers_version_insert ON public.gpu_offers');
    await runner.query('DROP FUNCTION IF EXISTS providers.stamp_version()');
    await runner.query(
      'DROP TABLE IF EXISTS providers.held_offers, providers.sync_runs, providers.sync_state, providers.sync_leases, providers.catalogue_head',
    );
    for (const [name] of INDEXES) await runner.query(`DROP INDEX IF EXISTS public.${name}`);
    for (const [column] of PROVIDER_COLUMNS)
      await runner.query(`ALTER TABLE public.providers DROP COLUMN IF EXISTS ${column}`);
    for (const [column] of OFFER_COLUMNS)
      await runner.query(`ALTER TABLE public.gpu_offers DROP COLUMN IF EXISTS ${column}`);
  }

  /** One row: whoever advances it holds its lock until commit, so versions become visible in their own order. */
  private async createHead(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS providers.catalogue_head (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        version bigint NOT NULL
      )`);
    await runner.query('INSERT INTO providers.catalogue_head (version) VALUES (1) ON CONFLICT DO NOTHING');
  }

  private async createVersionTrigger(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION providers.stamp_version() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE providers.catalogue_head SET version = version + 1 RETURNING version INTO NEW.catalogue_version;
        NEW.fingerprint := NULL;
        NOTIFY catalogue;
        RETURN NEW;
      END $$`);
    await runner.query('DROP TRIGGER IF EXISTS gpu_offers_version ON public.gpu_offers');
    await runner.query('DROP TRIGGER IF EXISTS gpu_offers_version_insert ON public.gpu_offers');
    await runner.query(`
      CREATE TRIGGER gpu_offers_version BEFORE UPDATE ON public.gpu_offers FOR EACH ROW
      WHEN (NEW.catalogue_version IS NOT DISTINCT FROM OLD.catalogue_version)
      EXECUTE FUNCTION providers.stamp_version()`);
    await runner.query(`
      CREATE TRIGGER gpu_offers_version_insert BEFORE INSERT ON public.gpu_offers FOR EACH ROW
      WHEN (NEW.catalogue_version IS NULL)
      EXECUTE FUNCTION providers.stamp_version()`);
  }

  private async createSyncTables(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS providers.sync_leases (
        key character varying(100) PRIMARY KEY,
        next_at timestamp with time zone NOT NULL,
        owner uuid,
        until timestamp with time zone
      )`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS providers.sync_state (
        provider_id uuid PRIMARY KEY REFERENCES public.providers(id),
        last_count integer,
        held_count integer,
        held_since timestamp with time zone,
        released_at timestamp with time zone,
        last_failure character varying(64)
      )`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS providers.sync_runs (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        provider_id uuid NOT NULL REFERENCES public.providers(id),
        started_at timestamp with time zone NOT NULL,
        ok boolean NOT NULL,
        outcome character varying(64) NOT NULL,
        latency_ms integer NOT NULL,
        offers integer NOT NULL,
        rejected integer NOT NULL,
        changed integer NOT NULL,
        vanished integer NOT NULL,
        before_count integer NOT NULL
      )`);
    await runner.query(
      'CREATE INDEX IF NOT EXISTS sync_runs_recent_idx ON providers.sync_runs (provider_id, started_at DESC)',
    );
    await runner.query(`
      CREATE TABLE IF NOT EXISTS providers.held_offers (
        provider_id uuid NOT NULL REFERENCES public.providers(id),
        external_id character varying(255) NOT NULL,
        price_per_hour numeric(10,4) NOT NULL,
        held_price_per_hour numeric(10,4) NOT NULL,
        held_since timestamp with time zone NOT NULL DEFAULT now(),
        released_at timestamp with time zone,
        PRIMARY KEY (provider_id, external_id)
      )`);
  }
}

async function addColumns(
  runner: QueryRunner,
  table: string,
  columns: readonly (readonly [string, string])[],
): Promise<void> {
  for (const [name, type] of columns)
    await runner.query(`ALTER TABLE public.${table} ADD COLUMN IF NOT EXISTS ${name} ${type}`);
}
