import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A tenant's own key of a cloud, sealed. `revision` changes with the key, so that the verdict on an old key never lands on a
 * new one. `next_check_at` is when the cloud is asked again; null: not before the key is replaced.
 */
export class CreateIntegrations1763700000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE providers.integrations (
        tenant_id uuid NOT NULL,
        provider text NOT NULL,
        sealed text NOT NULL,
        revision uuid NOT NULL,
        status text NOT NULL CHECK (status IN ('ok', 'unverified', 'invalid')),
        problem text CHECK (problem IN ('refused', 'unreadable')),
        last_checked timestamptz,
        failed_checks integer NOT NULL DEFAULT 0,
        next_check_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, provider),
        CHECK ((status = 'invalid') = (problem IS NOT NULL))
      )`);
    await runner.query(
      'CREATE INDEX integrations_due ON providers.integrations (next_check_at) WHERE next_check_at IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE providers.integrations');
  }
}
