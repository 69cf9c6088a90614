import { inboxMigrationSql } from '@gpubroker/events/inbox';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users did with offers, and which of those events were counted. */
export class CreateInteractions1763730000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS math_core');
    for (const statement of inboxMigrationSql('math_core').up) await runner.query(statement);
    await runner.query(`
      CREATE TABLE math_core.interactions (
        user_id text NOT NULL,
        offer_id text NOT NULL,
        weight double precision NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (user_id, offer_id)
      )`);
    await runner.query('CREATE INDEX interactions_last_at ON math_core.interactions (last_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS math_core.interactions');
    for (const statement of inboxMigrationSql('math_core').down) await runner.query(statement);
  }
}
