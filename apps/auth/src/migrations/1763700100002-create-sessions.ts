import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the earlier build did not keep: sessions, keys, failed sign-ins. */
export class CreateSessions1763700100002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS auth');
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.refresh_tokens (
        hash bytea PRIMARY KEY,
        family uuid NOT NULL,
        user_id uuid NOT NULL,
        issued_at timestamp with time zone NOT NULL DEFAULT now(),
        expires_at timestamp with time zone NOT NULL,
        used_at timestamp with time zone,
        revoked_at timestamp with time zone
      )`);
    // The last guard of single use: however a refresh goes wrong, a session never has two tokens that work.
    await runner.query(`
      CREATE UNIQUE INDEX IF NOT EXISTS refresh_tokens_live_idx ON auth.refresh_tokens (family)
      WHERE used_at IS NULL AND revoked_at IS NULL`);
    await runner.query('CREATE INDEX IF NOT EXISTS refresh_tokens_family_idx ON auth.refresh_tokens (family)');
    await runner.query('CREATE INDEX IF NOT EXISTS refresh_tokens_user_idx ON auth.refresh_tokens (user_id)');
    await runner.query('CREATE INDEX IF NOT EXISTS refresh_tokens_expiry_idx ON auth.refresh_tokens (expires_at)');
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.signing_keys (
        kid character varying(200) PRIMARY KEY,
        public_jwk jsonb NOT NULL,
        first_used_at timestamp with time zone NOT NULL,
        last_used_at timestamp with time zone NOT NULL,
        revoked_at timestamp with time zone
      )`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.sign_in_failures (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        address_hash bytea NOT NULL,
        failed_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
      )`);
    await runner.query(
      'CREATE INDEX IF NOT EXISTS sign_in_failures_recent_idx ON auth.sign_in_failures (address_hash, failed_at)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS auth.sign_in_failures, auth.signing_keys, auth.refresh_tokens');
  }
}
