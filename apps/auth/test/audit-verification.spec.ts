import { randomUUID } from 'node:crypto';
import { runMigrations } from '@gpubroker/persistence/migrations';
import { Database } from '@gpubroker/persistence/database';
import { createLogger } from '@gpubroker/platform/logging';
import { freshDatabase, loadLegacyDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import type { EntityManager } from 'typeorm';
import { AuditAnchor } from '../src/audit/audit-anchor';
import { AuditTrail } from '../src/audit/audit-trail';
import { linkHash } from '../src/audit/audit-link';
import { describeVerification, verifyChain, type Verification } from '../src/audit/audit-verification';
import type { ChainBreak } from '../src/audit/chain-verifier';
import { authDatabase } from '../src/auth.database';

const ENTRIES = 40;
const MANIPULATIONS = 1_000;

interface Link {
  readonly seq: number;
  readonly audit_id: string;
  readonly canonical: string;
  readonly previous_hash: string;
  readonly hash: string;
}

/** What a manipulation must be found as: a place in the chain, or a row outside of it. */
type Expected = { readonly seq: number } | { readonly auditId: string };

/** The same numbers at every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function someDatabase(prepare: (url: string) => Promise<void>): Promise<[FreshDatabase, Database]> {
  const fresh = await freshDatabase();
  await prepare(fresh.url);
  const definition = authDatabase({ databaseUrl: fresh.url, databaseDirectUrl: undefined, databasePoolSize: 2 });
  await runMigrations(definition);
  const database = await Database.open(definition);
  await database.whenReady();
  return [fresh, database];
}

const verify = (manager: EntityManager): Promise<Verification> =>
  verifyChain((text, values) => manager.query(text, values));

describe('verifying the audit chain', () => {
  const trail = new AuditTrail();
  const random = seeded(20_261_121);
  let fresh: FreshDatabase;
  let database: Database;
  let links: Link[];

  beforeAll(async () => {
    [fresh, database] = await someDatabase(() => Promise.resolve());
    const user = randomUUID();
    await database.inTransaction(async (manager) => {
      await trail.record(manager, entryOf(0, null));
      await manager.query(
        `INSERT INTO users SELECT (jsonb_populate_record(u, jsonb_build_object('id', $1::text, 'email', 'other'))).*
         FROM users u LIMIT 1`,
        [user],
      );
      for (let index = 1; index < ENTRIES; index += 1)
        await trail.record(manager, entryOf(index, index % 3 === 0 ? user : null));
    });
    links = await database.dataSource.query(
      'SELECT audit_id, canonical, previous_hash, hash, seq::float8 AS seq FROM auth.audit_chain link ORDER BY link.seq',
    );
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  /** Every value differs from entry to entry, so that a swap is never a swap of equals. */
  const entryOf = (index: number, userId: string | null) => ({
    action: `thing.${index}`,
    resourceType: `thing-${index}`,
    resourceId: index % 5 === 0 ? null : `r-${index}`,
    userId,
    tenantId: null,
    ip: index % 4 === 0 ? null : `2001:db8::${index}`,
    details: { index, share: index / 7, tiny: index * 1e-9, big: index * 1e21, text: 'ü"\\', list: [{}, [], null] },
  });

  /** Runs it on the tables with their triggers off, says what verification finds, and takes it back. */
  async function foundAfter(
    manipulate: (manager: EntityManager) => Promise<void>,
    anchors?: ReadonlyMap<number, string>,
  ): Promise<Verification> {
    let found: Verification | undefined;
    await database
      .inTransaction(async (manager) => {
        for (const table of ['public.audit_logs', 'auth.audit_chain', 'auth.audit_head'])
          await manager.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
        await manipulate(manager);
        found = await verifyChain((text, values) => manager.query(text, values), anchors);
        throw new Error('taken back');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'taken back') throw error;
      });
    if (!found) throw new Error('nothing was verified');
    return found;
  }

  const link = (seq: number): Link => {
    const found = links[seq - 1];
    if (!found) throw new Error(`no entry ${seq}`);
    return found;
  };
  const anySeq = () => 1 + random(ENTRIES);
  const twoSeqs = (): [number, number] => {
    const one = anySeq();
    const other = 1 + ((one + random(ENTRIES - 1)) % ENTRIES);
    return one < other ? [one, other] : [other, one];
  };

  const EDITS_OF_ENTRY = [
    "action = action || '!'",
    "resource_type = 'x'",
    "resource_id = coalesce(resource_id, '') || ' '",
    `details = details || '{"more": 1}'`,
    "details = jsonb_set(details, '{index}', ((details ->> 'index')::numeric + 0.00000000000000000000001)::text::jsonb)",
    "ip_address = '192.0.2.9/24'",
    "created_at = created_at + interval '1 microsecond'",
    'tenant_id = gen_random_uuid()',
    'user_id = gen_random_uuid()',
    "previous_hash = repeat('1', 64)",
    'current_hash = md5(current_hash) || md5(current_hash)',
  ];
  const EDITS_OF_LINK = [
    "canonical = canonical || ' '",
    "canonical = replace(canonical, 'thing', 'think')",
    "canonical = 'nothing'",
    "hash = repeat('a', 64)",
    "previous_hash = repeat('b', 64)",
    'legacy = true',
    'audit_id = gen_random_uuid()',
  ];

  const edit =
    (table: string, column: string, changes: readonly string[]) =>
    async (manager: EntityManager): Promise<Expected> => {
      const seq = anySeq();
      const change = changes[random(changes.length)] ?? '';
      await manager.query(`UPDATE ${table} SET ${change} WHERE ${column} = $1`, [link(seq).audit_id]);
      return { seq };
    };

  const removed =
    (tables: readonly [string, string][]) =>
    async (manager: EntityManager): Promise<Expected> => {
      const seq = anySeq();
      for (const [table, column] of tables)
        await manager.query(`DELETE FROM ${table} WHERE ${column} = $1`, [link(seq).audit_id]);
      return { seq };
    };

  const LOG: [string, string] = ['audit_logs', 'id'];
  const CHAIN: [string, string] = ['auth.audit_chain', 'audit_id'];

  const copyEntry = async (manager: EntityManager, of: number): Promise<string> => {
    const id = randomUUID();
    await manager.query(
      `INSERT INTO audit_logs
       SELECT (jsonb_populate_record(l, jsonb_build_object('id', $2::text))).* FROM audit_logs l WHERE id = $1`,
      [link(of).audit_id, id],
    );
    return id;
  };

  const manipulations: Record<string, (manager: EntityManager) => Promise<Expected>> = {
    'a row of audit_logs edited': edit('audit_logs', 'id', EDITS_OF_ENTRY),
    'a row of the chain edited': edit('auth.audit_chain', 'audit_id', EDITS_OF_LINK),
    'a row of audit_logs removed': removed([LOG]),
    'a row of the chain removed': removed([CHAIN]),
    'an entry removed from both': removed([LOG, CHAIN]),
    'the last entries removed': async (manager) => {
      const seq = anySeq();
      await manager.query(
        'DELETE FROM audit_logs WHERE id IN (SELECT audit_id FROM auth.audit_chain WHERE seq >= $1)',
        [seq],
      );
      await manager.query('DELETE FROM auth.audit_chain WHERE seq >= $1', [seq]);
      return { seq };
    },
    'everything removed': async (manager) => {
      await manager.query('TRUNCATE audit_logs, auth.audit_chain');
      return { seq: 1 };
    },
    'two rows of audit_logs swapped': async (manager) => {
      const [one, other] = twoSeqs();
      const [a, b, between] = [link(one).audit_id, link(other).audit_id, randomUUID()];
      for (const [from, to] of [[a, between] as const, [b, a] as const, [between, b] as const])
        await manager.query('UPDATE audit_logs SET id = $2 WHERE id = $1', [from, to]);
      return { seq: one };
    },
    'two rows of the chain swapped': async (manager) => {
      const [one, other] = twoSeqs();
      for (const [from, to] of [[one, 0] as const, [other, one] as const, [0, other] as const])
        await manager.query('UPDATE auth.audit_chain SET seq = $2 WHERE seq = $1', [from, to]);
      return { seq: one };
    },
    'a row slipped into audit_logs': async (manager) => ({ auditId: await copyEntry(manager, anySeq()) }),
    'an entry slipped in between': async (manager) => {
      const seq = 1 + random(ENTRIES - 1);
      await manager.query('UPDATE auth.audit_chain SET seq = seq + 1000000 WHERE seq > $1', [seq]);
      await manager.query('UPDATE auth.audit_chain SET seq = seq - 999999 WHERE seq > $1', [seq]);
      const id = await copyEntry(manager, seq);
      await manager.query(
        `INSERT INTO auth.audit_chain SELECT seq + 1, $2, canonical, hash, repeat('c', 64), false
         FROM auth.audit_chain WHERE seq = $1`,
        [seq, id],
      );
      return { seq: seq + 1 };
    },
    'an entry added at the end with the right hash': async (manager) => {
      const id = await copyEntry(manager, ENTRIES);
      const canonical = link(ENTRIES).canonical.replace(link(ENTRIES).audit_id, id);
      const hash = linkHash(link(ENTRIES).hash, canonical);
      await manager.query('UPDATE audit_logs SET previous_hash = $2, current_hash = $3 WHERE id = $1', [
        id,
        link(ENTRIES).hash,
        hash,
      ]);
      await manager.query('INSERT INTO auth.audit_chain VALUES ($1, $2, $3, $4, $5)', [
        ENTRIES + 1,
        id,
        canonical,
        link(ENTRIES).hash,
        hash,
      ]);
      return { seq: ENTRIES + 1 };
    },
    'all from one entry on computed anew': async (manager) => {
      const from = anySeq();
      let previous = link(from).previous_hash;
      for (const { seq, audit_id, canonical } of links.slice(from - 1)) {
        const text = canonical.replace('thing', 'think');
        const hash = linkHash(previous, text);
        const { action } = JSON.parse(text) as { action: string };
        await manager.query(
          'UPDATE auth.audit_chain SET canonical = $2, previous_hash = $3, hash = $4 WHERE seq = $1',
          [seq, text, previous, hash],
        );
        await manager.query('UPDATE audit_logs SET action = $2, previous_hash = $3, current_hash = $4 WHERE id = $1', [
          audit_id,
          action,
          previous,
          hash,
        ]);
        previous = hash;
      }
      return { seq: ENTRIES };
    },
    'the head moved': async (manager) => {
      const back = random(2) === 0;
      await manager.query('UPDATE auth.audit_head SET seq = seq + $1', [back ? -1 : 1]);
      return { seq: back ? ENTRIES : ENTRIES + 1 };
    },
    "the head's hash changed": async (manager) => {
      await manager.query("UPDATE auth.audit_head SET hash = repeat('d', 64)");
      return { seq: ENTRIES };
    },
    "the head's previous hash changed": async (manager) => {
      await manager.query("UPDATE auth.audit_head SET previous_hash = repeat('d', 64)");
      return { seq: ENTRIES };
    },
    'the head removed': async (manager) => {
      await manager.query('DELETE FROM auth.audit_head');
      return { seq: ENTRIES };
    },
  };

  it('finds nothing wrong with what nobody touched', async () => {
    const found = await database.inTransaction(verify);
    expect(found).toMatchObject({ checked: ENTRIES, legacy: null, firstBreak: null });
    expect(describeVerification(found)).toBe(`The audit chain holds: ${ENTRIES} entries checked and good.`);
  });

  it(`finds each of ${MANIPULATIONS} random manipulations, and names the first bad row`, async () => {
    const kinds = Object.entries(manipulations);
    const missed: string[] = [];
    for (let round = 0; round < MANIPULATIONS; round += 1) {
      const [name, manipulate] = kinds[random(kinds.length)] ?? kinds[0]!;
      let expected: Expected | undefined;
      const { firstBreak } = await foundAfter(async (manager) => {
        expected = await manipulate(manager);
      });
      if (!isExpected(firstBreak, expected)) missed.push(`${name}: ${JSON.stringify({ expected, firstBreak })}`);
    }
    expect(missed).toEqual([]);
  }, 180_000);

  describe('beside what the log has kept', () => {
    const MIDDLE = Math.floor(ENTRIES / 2);
    const anchored = (seq: number): ReadonlyMap<number, string> => new Map([[seq, link(seq).hash]]);

    /** Everything from `seq` on is gone and the head says so: the tables alone know nothing of it. */
    const cutAt = async (manager: EntityManager, seq: number): Promise<void> => {
      await manager.query('DELETE FROM audit_logs USING auth.audit_chain c WHERE c.audit_id = id AND c.seq >= $1', [
        seq,
      ]);
      await manager.query('DELETE FROM auth.audit_chain WHERE seq >= $1', [seq]);
      await manager.query('UPDATE auth.audit_head SET seq = $1, previous_hash = $2, hash = $3', [
        seq - 1,
        link(seq - 1).previous_hash,
        link(seq - 1).hash,
      ]);
    };

    it('finds nothing wrong with what nobody touched', async () => {
      const verifyAnchored = (manager: EntityManager) =>
        verifyChain((text, values) => manager.query(text, values), anchored(MIDDLE));
      expect((await database.inTransaction(verifyAnchored)).firstBreak).toBeNull();
    });

    it('knows where the chain stood, said once as long as it stays there', async () => {
      const lines: string[] = [];
      const destination = { write: (line: string) => void lines.push(line) };
      const anchor = new AuditAnchor(database, createLogger({ service: 'auth', level: 'info', destination }));
      await anchor.drop();
      await anchor.drop();
      expect(lines.map((line) => (JSON.parse(line) as { audit_head?: string }).audit_head)).toEqual([
        `${ENTRIES}:${link(ENTRIES).hash}`,
      ]);
    });

    it('finds an end that was cut off together with the head', async () => {
      expect((await foundAfter((manager) => cutAt(manager, MIDDLE))).firstBreak).toBeNull();
      expect((await foundAfter((manager) => cutAt(manager, MIDDLE), anchored(ENTRIES))).firstBreak).toEqual({
        seq: MIDDLE,
        auditId: null,
        reason: 'link_missing',
      });
    });

    it('finds entries that were written anew together with the head', async () => {
      const rewrite = async (manager: EntityManager) => {
        await cutAt(manager, ENTRIES);
        await new AuditTrail().record(manager, entryOf(7, null));
      };
      expect((await foundAfter(rewrite)).firstBreak).toBeNull();
      expect((await foundAfter(rewrite, anchored(ENTRIES))).firstBreak).toMatchObject({
        seq: ENTRIES,
        reason: 'anchor_differs',
      });
    });
  });

  it('says which row it is, and why', async () => {
    const found = await foundAfter(async (manager) => {
      await manager.query("UPDATE audit_logs SET action = 'nothing.happened' WHERE id = $1", [link(7).audit_id]);
    });
    expect(describeVerification(found)).toBe(
      `The audit chain is broken at entry 7, id ${link(7).audit_id}: its row of audit_logs is not what was sealed ` +
        '(entry_differs); 6 entries checked and good before it.',
    );
  });

  function isExpected(found: ChainBreak | null, expected: Expected | undefined): boolean {
    if (!found || !expected) return false;
    return 'seq' in expected ? found.seq === expected.seq : found.seq === null && found.auditId === expected.auditId;
  }
});

describeWithShared('the audit rows of an earlier build', (shared) => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeAll(async () => {
    [fresh, database] = await someDatabase((url) => loadLegacyDatabase(url, shared));
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  it('are reported as legacy, and the new chain goes on behind them', async () => {
    await database.inTransaction((manager) =>
      new AuditTrail().record(manager, {
        action: 'thing.happened',
        resourceType: 'thing',
        resourceId: null,
        userId: null,
        tenantId: null,
        ip: null,
      }),
    );
    const found = await database.inTransaction(verify);
    expect(found).toMatchObject({ checked: 25, legacy: { entries: 24 }, firstBreak: null });
    expect(describeVerification(found)).toMatch(
      /^The audit chain holds: 25 entries .* 24 of the chain from an earlier/,
    );
  });

  it('cannot be changed unseen', async () => {
    await database.dataSource.query('ALTER TABLE audit_logs DISABLE TRIGGER ALL');
    const [row] = await database.dataSource.query<{ id: string }[]>(
      'SELECT id FROM audit_logs ORDER BY created_at, id',
    );
    await database.dataSource.query("UPDATE audit_logs SET action = 'x' WHERE id = $1", [row?.id]);
    expect((await database.inTransaction(verify)).firstBreak).toEqual({
      seq: 1,
      auditId: row?.id,
      reason: 'entry_differs',
    });
  });
});
