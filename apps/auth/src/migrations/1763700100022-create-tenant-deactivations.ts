import type { MigrationInterface, QueryRunner } from 'typeorm';

/** public.tenants has no column for it, and adoption adds none (SPEC S19). */
export class CreateTenantDeactivations1763700100022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.tenant_deactivations (
        tenant_id uuid PRIMARY KEY,
        deactivated_at timestamp with time zone NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS auth.tenant_deactivations');
  }
}
