import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What listing_truth is counted from, and where its last value stands. Null: written by a release that did not count. */
export class MeasureTruth1763700000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE providers.sync_runs ADD COLUMN IF NOT EXISTS offered integer, ADD COLUMN IF NOT EXISTS confirmed integer',
    );
    await runner.query('ALTER TABLE providers.sync_state ADD COLUMN IF NOT EXISTS listing_truth double precision');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE providers.sync_state DROP COLUMN IF EXISTS listing_truth');
    await runner.query(
      'ALTER TABLE providers.sync_runs DROP COLUMN IF EXISTS offered, DROP COLUMN IF EXISTS confirmed',
    );
  }
}
