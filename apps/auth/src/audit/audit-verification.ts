import { auditRowColumns, type AuditRow, type Link } from './audit-rows';
import { BREAK_REASONS, ChainVerifier, type ChainBreak, type Head, type SealedRow } from './chain-verifier';

export type Query = (text: string, values?: unknown[]) => Promise<unknown>;

/** Entries of an earlier build, which were sealed as they were found. */
export interface LegacySpan {
  readonly entries: number;
  /** RFC 3339, UTC. */
  readonly from: string;
  readonly to: string;
}

export interface Verification {
  /** Entries of the chain that were checked and found good. */
  readonly checked: number;
  readonly legacy: LegacySpan | null;
  readonly head: Head | null;
  /** Null: everything is as it was written. */
  readonly firstBreak: ChainBreak | null;
}

/** Few enough that computing their hashes keeps nobody waiting. */
const BATCH = 500;

type Fetched = Omit<SealedRow, 'entry'> & AuditRow & { readonly entry_id: string | null };

/**
 * Computes the whole chain again, in constant memory. All queries must see one state: the caller opens a REPEATABLE READ
 * transaction.
 * @param anchors hashes by place, as somebody wrote them down earlier: they too must stand
 */
export async function verifyChain(query: Query, anchors?: ReadonlyMap<number, string>): Promise<Verification> {
  const [stored = null] = (await query(
    'SELECT seq::float8 AS seq, previous_hash AS "previousHash", hash FROM auth.audit_head',
  )) as [Link?];
  const head = stored && { seq: stored.seq, hash: stored.hash };
  const verifier = new ChainVerifier(anchors);
  let checked = 0;
  let legacy: LegacySpan | null = null;
  for await (const row of sealedRows(query)) {
    const firstBreak = verifier.see(row);
    if (firstBreak !== null) return { checked, legacy, head, firstBreak };
    checked += 1;
    legacy = withLegacy(legacy, row);
  }
  const firstBreak = verifier.finish(stored) ?? (await rowOutsideChain(query));
  return { checked, legacy, head, firstBreak };
}

/** One line that a person can act on. */
export function describeVerification({ checked, legacy, firstBreak }: Verification): string {
  const sealed =
    legacy === null ? '' : `, ${legacy.entries} of the chain from an earlier build (${legacy.from} to ${legacy.to})`;
  const good = `${checked} entries checked and good${sealed}`;
  if (firstBreak === null) return `The audit chain holds: ${good}.`;
  const { seq, auditId, reason } = firstBreak;
  const which = [seq === null ? 'outside the chain' : `entry ${seq}`, ...(auditId === null ? [] : [`id ${auditId}`])];
  return `The audit chain is broken at ${which.join(', ')}: ${BREAK_REASONS[reason]} (${reason}); ${good} before it.`;
}

/** The span so far, with this entry in it; entries are sealed oldest first. */
function withLegacy(span: LegacySpan | null, { legacy, entry }: SealedRow): LegacySpan | null {
  if (!legacy || entry === null) return span;
  const { created_at_text: to } = entry;
  return { entries: (span?.entries ?? 0) + 1, from: span?.from ?? to, to };
}

async function* sealedRows(query: Query): AsyncGenerator<SealedRow> {
  for (let after = Number.MIN_SAFE_INTEGER, full = true; full;) {
    const rows = (await query(
      `SELECT link.seq::float8 AS seq, link.audit_id, link.canonical, link.legacy, link.previous_hash AS link_previous_hash,
              link.hash, log.id AS entry_id, ${auditRowColumns('log')}
       FROM auth.audit_chain link LEFT JOIN public.audit_logs log ON log.id = link.audit_id
       WHERE link.seq > $1 ORDER BY link.seq LIMIT ${BATCH}`,
      [after],
    )) as (Fetched & { link_previous_hash: string })[];
    for (const row of rows) {
      const entry = row.entry_id === null ? null : row;
      yield { ...pickLink(row), entry };
    }
    after = rows.at(-1)?.seq ?? after;
    full = rows.length === BATCH;
  }
}

const pickLink = (row: Fetched & { link_previous_hash: string }): Omit<SealedRow, 'entry'> => ({
  seq: row.seq,
  audit_id: row.audit_id,
  canonical: row.canonical,
  previous_hash: row.link_previous_hash,
  hash: row.hash,
  legacy: row.legacy,
});

async function rowOutsideChain(query: Query): Promise<ChainBreak | null> {
  const [row] = (await query(
    `SELECT log.id FROM public.audit_logs log
     WHERE NOT EXISTS (SELECT 1 FROM auth.audit_chain link WHERE link.audit_id = log.id)
     ORDER BY log.created_at, log.id LIMIT 1`,
  )) as [{ id: string }?];
  return row === undefined ? null : { seq: null, auditId: row.id, reason: 'not_in_chain' };
}
