import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What math-core said of each GPU model, so that unit costs outlive it and every replica shows the same ones. A rate belongs
 * to a catalogue version as an offer does.
 */
export class CreateGpuRates1763700000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS providers.gpu_rates (
        gpu_type character varying(100) PRIMARY KEY,
        gpu_model character varying(100),
        tokens_per_second double precision,
        gflops double precision,
        reason character varying(32),
        assumptions jsonb NOT NULL,
        catalogue_version bigint NOT NULL,
        changed_at timestamp with time zone NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS providers.gpu_rates');
  }
}
