import { inboxMigrationSql } from '@gpubroker/events/inbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const INBOX = inboxMigrationSql('kpi');

/**
 * The market as the events tell it. Offers and clouds in their newest state; price points and syncs as they happened. The
 * one rule of what counts is a view, so that no question can forget a part of it.
 */
const PROJECTION = [
  `CREATE TABLE kpi.offers (
     offer_id text PRIMARY KEY,
     provider text NOT NULL,
     gpu_type text NOT NULL,
     gpu_family text,
     gpu_count numeric,
     price_per_hour numeric NOT NULL,
     currency text NOT NULL,
     pricing text,
     region text NOT NULL,
     availability_status text NOT NULL,
     source text NOT NULL,
     listed boolean NOT NULL,
     last_seen_at timestamptz,
     observed_at timestamptz NOT NULL,
     gone boolean NOT NULL DEFAULT false
   ) WITH (fillfactor = 80)`,
  'CREATE INDEX offers_gpu_type ON kpi.offers (gpu_type)',
  'CREATE INDEX offers_provider ON kpi.offers (provider)',
  `CREATE TABLE kpi.providers (
     provider text PRIMARY KEY,
     source text,
     interval_seconds double precision,
     last_sync_at timestamptz NOT NULL,
     last_good_sync_at timestamptz
   )`,
  `CREATE TABLE kpi.syncs (
     event_id uuid PRIMARY KEY,
     provider text NOT NULL,
     ok boolean NOT NULL,
     latency_ms double precision NOT NULL,
     at timestamptz NOT NULL
   )`,
  'CREATE INDEX syncs_provider_at ON kpi.syncs (provider, at)',
  `CREATE TABLE kpi.price_points (
     offer_id text NOT NULL,
     at timestamptz NOT NULL,
     event_id uuid NOT NULL,
     provider text NOT NULL,
     gpu_type text NOT NULL,
     price_per_hour numeric NOT NULL,
     currency text NOT NULL,
     availability_status text NOT NULL,
     PRIMARY KEY (offer_id, at, event_id)
   )`,
  'CREATE INDEX price_points_gpu_type ON kpi.price_points (gpu_type, offer_id, at)',
  'CREATE INDEX price_points_at ON kpi.price_points USING brin (at)',
  `CREATE TABLE kpi.gpu_rates (
     gpu_type text PRIMARY KEY,
     tokens_per_second double precision,
     gflops double precision,
     known_at timestamptz NOT NULL
   )`,
  `CREATE VIEW kpi.counted_offers AS
     SELECT offer.offer_id, offer.provider, offer.gpu_type, offer.gpu_family, offer.gpu_count, offer.price_per_hour,
       offer.currency, offer.pricing, offer.region, offer.source
     FROM kpi.offers AS offer LEFT JOIN kpi.providers AS cloud USING (provider)
     WHERE NOT offer.gone AND offer.listed AND offer.availability_status <> 'unavailable' AND offer.price_per_hour > 0
       AND (cloud.source IS NULL OR cloud.source = offer.source)
       AND coalesce(cloud.last_good_sync_at, offer.last_seen_at, offer.observed_at)
         >= now() - 3 * make_interval(secs => coalesce(cloud.interval_seconds, 300))`,
];

export class CreateProjection1763740000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...INBOX.up, ...PROJECTION]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW kpi.counted_offers');
    for (const table of ['gpu_rates', 'price_points', 'syncs', 'providers', 'offers'])
      await runner.query(`DROP TABLE kpi.${table}`);
    for (const statement of INBOX.down) await runner.query(statement);
  }
}
