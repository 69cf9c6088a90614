import { outboxMigrationSql } from '@gpubroker/events/outbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const OUTBOX = outboxMigrationSql('math_core');

/** Rows that an administrator took out of use, and where the record of what administrators do waits for the relay. */
export class CreateBenchmarkAdmin1763730000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS math_core');
    for (const statement of OUTBOX.up) await runner.query(statement);
    // Not a column of gpu_benchmarks: the earlier build's table stays as it is (SPEC A1).
    await runner.query(`
      CREATE TABLE math_core.benchmark_deactivations (
        benchmark_id uuid PRIMARY KEY,
        deactivated_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS math_core.benchmark_deactivations');
    for (const statement of OUTBOX.down) await runner.query(statement);
  }
}
