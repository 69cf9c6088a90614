import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a second factor needs beside users.mfa_enabled and users.mfa_secret: what was used already. */
export class CreateSecondFactors1763700100010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS auth');
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.second_factors (
        user_id uuid PRIMARY KEY,
        last_step bigint NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.recovery_codes (
        hash bytea PRIMARY KEY,
        user_id uuid NOT NULL,
        used_at timestamp with time zone
      )`);
    await runner.query('CREATE INDEX IF NOT EXISTS recovery_codes_user_idx ON auth.recovery_codes (user_id)');
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.mfa_challenges (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL,
        failures integer NOT NULL DEFAULT 0,
        expires_at timestamp with time zone NOT NULL,
        answered_at timestamp with time zone
      )`);
    await runner.query('CREATE INDEX IF NOT EXISTS mfa_challenges_expiry_idx ON auth.mfa_challenges (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS auth.mfa_challenges, auth.recovery_codes, auth.second_factors');
  }
}
