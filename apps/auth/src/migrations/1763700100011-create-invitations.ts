import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may join a tenant (SPEC A2). */
export class CreateInvitations1763700100011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.invitations (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        email character varying(254) NOT NULL,
        role character varying(50) NOT NULL,
        token_hash bytea NOT NULL UNIQUE,
        invited_by uuid NOT NULL,
        created_at timestamp with time zone NOT NULL,
        expires_at timestamp with time zone NOT NULL,
        accepted_at timestamp with time zone,
        revoked_at timestamp with time zone
      )`);
    await runner.query(
      'CREATE INDEX IF NOT EXISTS invitations_tenant_idx ON auth.invitations (tenant_id, created_at DESC)',
    );
    await runner.query('CREATE INDEX IF NOT EXISTS invitations_expiry_idx ON auth.invitations (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS auth.invitations');
  }
}
