import type { MigrationInterface, QueryRunner } from 'typeorm';
import { sealUnchained } from '../audit/legacy-seal';

const TABLES = ['public.audit_logs', 'auth.audit_chain'] as const;

/**
 * The chain beside audit_logs (SPEC S5), and the triggers that keep both append-only: on an adopted database the one declared
 * change to a table that is there (S19). Rows of earlier builds are sealed as they are.
 */
export class CreateAuditChain1763700100020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nothing is written between the seal and the triggers.
    await runner.query('LOCK TABLE public.audit_logs IN SHARE ROW EXCLUSIVE MODE');
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.audit_chain (
        seq bigint PRIMARY KEY,
        audit_id uuid NOT NULL UNIQUE,
        canonical text NOT NULL,
        previous_hash character(64) NOT NULL,
        hash character(64) NOT NULL,
        legacy boolean NOT NULL DEFAULT false
      )`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS auth.audit_head (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        seq bigint NOT NULL,
        previous_hash character(64) NOT NULL,
        hash character(64) NOT NULL
      )`);
    await sealUnchained((text, values) => runner.query(text, values));
    await runner.query(`
      CREATE OR REPLACE FUNCTION auth.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE OR REPLACE FUNCTION auth.guard_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.seq <> OLD.seq + 1 OR NEW.previous_hash <> OLD.hash THEN
          RAISE EXCEPTION 'the head of the audit chain only moves on' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
      END $$`);
    for (const table of TABLES) await this.guard(runner, table, 'UPDATE OR DELETE');
    await this.guard(runner, 'auth.audit_head', 'DELETE');
    await runner.query(`
      CREATE OR REPLACE TRIGGER audit_moves_on BEFORE UPDATE ON auth.audit_head
      FOR EACH ROW EXECUTE FUNCTION auth.guard_audit_head()`);
    await runner.query('ALTER TABLE auth.audit_head ENABLE ALWAYS TRIGGER audit_moves_on');
  }

  /** The chain stays as long as it holds an entry of ours: run again, the migration goes on where it was. */
  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES, 'auth.audit_head']) {
      await runner.query(`DROP TRIGGER IF EXISTS audit_append_only ON ${table}`);
      await runner.query(`DROP TRIGGER IF EXISTS audit_no_truncate ON ${table}`);
    }
    await runner.query('DROP TRIGGER IF EXISTS audit_moves_on ON auth.audit_head');
    await runner.query('DROP FUNCTION IF EXISTS auth.refuse_audit_change(), auth.guard_audit_head()');
    const [{ entries }] = (await runner.query('SELECT count(*) AS entries FROM auth.audit_chain WHERE NOT legacy')) as [
      { entries: string },
    ];
    if (entries === '0') await runner.query('DROP TABLE auth.audit_chain, auth.audit_head');
  }

  /** A row trigger does not stop TRUNCATE; ALWAYS: also not passed by in a session that plays a replica. */
  private async guard(runner: QueryRunner, table: string, events: string): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE TRIGGER audit_append_only BEFORE ${events} ON ${table}
      FOR EACH ROW EXECUTE FUNCTION auth.refuse_audit_change()`);
    await runner.query(`
      CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_audit_change()`);
    await runner.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER audit_append_only`);
    await runner.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER audit_no_truncate`);
  }
}
