import { auditRowColumns, nextLink, START, textOfLegacyRow, type AuditRow, type Link } from './audit-rows';

type Query = (text: string, values?: unknown[]) => Promise<unknown>;

const BATCH = 1_000;

/**
 * Takes rows that have no entry in the chain into it, oldest first, marked as legacy: the rows are not touched, and from now
 * on no change to them goes unseen. The caller keeps everybody else from writing meanwhile.
 */
export async function sealUnchained(query: Query): Promise<void> {
  let last = await headOf(query);
  for (let rows = await unchained(query, null); rows.length > 0; rows = await unchained(query, rows.at(-1) ?? null))
    last = await seal(query, last, rows);
  await query(
    `INSERT INTO auth.audit_head (seq, previous_hash, hash) VALUES ($1, $2, $3)
     ON CONFLICT (single) DO UPDATE SET seq = excluded.seq, previous_hash = excluded.previous_hash, hash = excluded.hash`,
    [last.seq, last.previousHash, last.hash],
  );
}

async function headOf(query: Query): Promise<Link> {
  const [head] = (await query(
    'SELECT seq::float8 AS seq, previous_hash AS "previousHash", hash FROM auth.audit_head',
  )) as [Link?];
  return head ?? START;
}

async function unchained(query: Query, after: AuditRow | null): Promise<AuditRow[]> {
  const rows = await query(
    `SELECT ${auditRowColumns('log')} FROM public.audit_logs log
     WHERE ($1::timestamptz IS NULL OR (log.created_at, log.id) > ($1::timestamptz, $2::uuid))
       AND NOT EXISTS (SELECT 1 FROM auth.audit_chain link WHERE link.audit_id = log.id)
     ORDER BY log.created_at, log.id LIMIT ${BATCH}`,
    [after?.created_at_text ?? null, after?.id ?? null],
  );
  return rows as AuditRow[];
}

async function seal(query: Query, head: Link, rows: readonly AuditRow[]): Promise<Link> {
  let last = head;
  const sealed = rows.map((row) => {
    const canonical = textOfLegacyRow(row);
    last = nextLink(last, canonical);
    return { audit_id: row.id, canonical, seq: last.seq, previous_hash: last.previousHash, hash: last.hash };
  });
  await query(
    `INSERT INTO auth.audit_chain (seq, audit_id, canonical, previous_hash, hash, legacy)
     SELECT seq, audit_id, canonical, previous_hash, hash, true
     FROM jsonb_to_recordset($1::jsonb)
       AS sealed (seq bigint, audit_id uuid, canonical text, previous_hash text, hash text)`,
    [JSON.stringify(sealed)],
  );
  return last;
}
