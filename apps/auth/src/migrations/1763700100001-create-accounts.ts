import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The three tables of the earlier build under their own names and columns (SPEC A1). On a database of that build they exist
 * already and are left exactly as they are: everything here is IF NOT EXISTS.
 */
export class CreateAccounts1763700100001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS public.tenants (
        id uuid PRIMARY KEY,
        name character varying(255) NOT NULL UNIQUE,
        plan character varying(20) NOT NULL,
        rate_limit_rps integer NOT NULL,
        ws_limit integer NOT NULL,
        created_at timestamp with time zone NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS public.users (
        password character varying(128) NOT NULL,
        last_login timestamp with time zone,
        is_superuser boolean NOT NULL,
        first_name character varying(150) NOT NULL,
        last_name character varying(150) NOT NULL,
        is_staff boolean NOT NULL,
        date_joined timestamp with time zone NOT NULL,
        id uuid PRIMARY KEY,
        email character varying(254) NOT NULL UNIQUE,
        password_hash character varying(255) NOT NULL,
        full_name character varying(255) NOT NULL,
        organization character varying(255),
        role character varying(50) NOT NULL,
        mfa_enabled boolean NOT NULL,
        mfa_secret character varying(255),
        is_active boolean NOT NULL,
        created_at timestamp with time zone NOT NULL,
        updated_at timestamp with time zone NOT NULL,
        tenant_id uuid REFERENCES public.tenants(id) DEFERRABLE INITIALLY DEFERRED
      )`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS public.audit_logs (
        id uuid PRIMARY KEY,
        action character varying(100) NOT NULL,
        resource_type character varying(100) NOT NULL,
        resource_id character varying(255),
        details jsonb NOT NULL,
        ip_address inet,
        previous_hash character varying(64),
        current_hash character varying(64) NOT NULL,
        created_at timestamp with time zone NOT NULL,
        user_id uuid NOT NULL REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED,
        tenant_id uuid NOT NULL REFERENCES public.tenants(id) DEFERRABLE INITIALLY DEFERRED
      )`);
    // Not unique: a database of the earlier build may hold one address in two spellings.
    await runner.query('CREATE INDEX IF NOT EXISTS users_email_lower_idx ON public.users (lower(email))');
  }

  /** Never drops what holds a row: people and their history cannot be had again. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS public.users_email_lower_idx');
    const [{ rows }] = (await runner.query(
      `SELECT (SELECT count(*) FROM public.users) + (SELECT count(*) FROM public.tenants)
            + (SELECT count(*) FROM public.audit_logs) AS rows`,
    )) as [{ rows: string }];
    if (rows !== '0') return;
    await runner.query('DROP TABLE public.audit_logs, public.users, public.tenants');
  }
}
