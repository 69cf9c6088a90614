import { randomUUID } from 'node:crypto';
import { Database } from '@gpubroker/persistence/database';
import { revertLastMigration, runMigrations } from '@gpubroker/persistence/migrations';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { AuditTrail } from '../src/audit/audit-trail';
import type { AuditEntry } from '../src/audit/audit-entry';
import { linkHash, NO_HASH } from '../src/audit/audit-link';
import { authDatabase } from '../src/auth.database';

interface Link {
  readonly seq: string;
  readonly audit_id: string;
  readonly canonical: string;
  readonly previous_hash: string;
  readonly hash: string;
}

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  action: 'thing.happened',
  resourceType: 'thing',
  resourceId: null,
  userId: null,
  tenantId: null,
  ip: null,
  ...more,
});

describe('the audit chain', () => {
  const trail = new AuditTrail();
  let fresh: FreshDatabase;
  let database: Database;

  const definition = () => authDatabase({ databaseUrl: fresh.url, databaseDirectUrl: undefined, databasePoolSize: 10 });
  const record = (what: AuditEntry) => database.inTransaction((manager) => trail.record(manager, what));
  const sql = <Row>(text: string): Promise<Row[]> => database.dataSource.query(text);
  const links = () => sql<Link>('SELECT * FROM auth.audit_chain ORDER BY seq');

  beforeAll(async () => {
    fresh = await freshDatabase();
    await runMigrations(definition());
    database = await Database.open(definition());
    await database.whenReady();
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  it('hashes the text of each entry together with the hash before it, and fills both columns of audit_logs', async () => {
    await record(entry({ resourceId: 'r-1', ip: '::ffff:192.0.2.7', details: { b: 1e21, a: [null, 'ü'] } }));
    await record(entry());
    const [first, second] = await links();
    expect(first).toMatchObject({ seq: '1', previous_hash: NO_HASH });
    expect(first?.hash).toBe(linkHash(NO_HASH, first?.canonical ?? ''));
    expect(second).toMatchObject({ seq: '2', previous_hash: first?.hash });
    expect(JSON.parse(first?.canonical ?? '')).toMatchObject({
      action: 'thing.happened',
      resource_id: 'r-1',
      ip_address: '192.0.2.7',
      details: { a: [null, 'ü'], b: 1e21 },
    });
    const [row] = await sql(`SELECT previous_hash, current_hash FROM audit_logs WHERE id = '${first?.audit_id}'`);
    expect(row).toEqual({ previous_hash: NO_HASH, current_hash: first?.hash });
  });

  it('gives entries without an actor to the system, as whom nobody can sign in', async () => {
    const [actor] = await sql(
      `SELECT u.is_active, u.password_hash, t.name FROM audit_logs l JOIN users u ON u.id = l.user_id
       JOIN tenants t ON t.id = l.tenant_id LIMIT 1`,
    );
    expect(actor).toEqual({ is_active: false, password_hash: '', name: expect.stringContaining('system') });
  });

  it('holds whatever text comes, cut to the columns', async () => {
    await record(
      entry({
        action: `a\0${'x'.repeat(200)}`,
        resourceId: '\u{1f600}'.repeat(200),
        ip: 'nowhere',
        details: { '\ud800': '\0', [`n${'y'.repeat(70_000)}`]: Number.NaN },
      }),
    );
    const [row] = await sql<{ action: string; ip_address: null }>('SELECT * FROM audit_logs ORDER BY created_at DESC');
    expect(row?.action).toBe(`a\ufffd${'x'.repeat(98)}`);
    expect(row?.ip_address).toBeNull();
  });

  it('is left as it was by a transaction that comes to nothing', async () => {
    const before = await links();
    await expect(
      database.inTransaction(async (manager) => {
        await trail.record(manager, entry());
        throw new Error('changed its mind');
      }),
    ).rejects.toThrow('changed its mind');
    expect(await links()).toEqual(before);
  });

  it('does not fork under 64 writers', async () => {
    const [head] = await sql<{ seq: string }>('SELECT seq FROM auth.audit_head');
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let time = 0; time < 10; time += 1) await record(entry({ resourceId: randomUUID() }));
      }),
    );
    const all = await links();
    expect(all).toHaveLength(Number(head?.seq) + 640);
    let previous = NO_HASH;
    for (const [index, link] of all.entries()) {
      expect(link).toMatchObject({ seq: String(index + 1), previous_hash: previous });
      previous = link.hash;
    }
  });

  it.each([
    ['UPDATE audit_logs SET action = action'],
    ['DELETE FROM audit_logs'],
    ['TRUNCATE audit_logs'],
    ['UPDATE auth.audit_chain SET hash = hash'],
    ['DELETE FROM auth.audit_chain'],
    ['TRUNCATE auth.audit_chain'],
    ['UPDATE auth.audit_head SET seq = seq - 1'],
    ['UPDATE auth.audit_head SET seq = seq + 1'],
    ['DELETE FROM auth.audit_head'],
    ['TRUNCATE auth.audit_head'],
  ])('refuses %s, also in a session that plays a replica', async (text) => {
    for (const role of ['origin', 'replica'])
      await expect(
        database.inTransaction(async (manager) => {
          await manager.query(`SET LOCAL session_replication_role = ${role}`);
          await manager.query(text);
        }),
      ).rejects.toThrow(/append-only|only moves on/);
  });

  it('survives its migration being taken back and run again', async () => {
    const before = await links();
    await revertLastMigration(definition());
    await runMigrations(definition());
    expect(await links()).toEqual(before);
    await record(entry());
    expect(await links()).toHaveLength(before.length + 1);
    await expect(sql('DELETE FROM audit_logs')).rejects.toThrow('append-only');
  });
});
