import { linkHash } from './audit-link';
import { START, textOfLegacyRow, textOfRow, type AuditRow, type Link } from './audit-rows';

/** A row of the chain with the row of audit_logs that it seals, null where that is gone. */
export interface SealedRow {
  readonly seq: number;
  readonly audit_id: string;
  readonly canonical: string;
  readonly previous_hash: string;
  readonly hash: string;
  readonly legacy: boolean;
  readonly entry: AuditRow | null;
}

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

export const BREAK_REASONS = {
  link_missing: 'an entry of the chain is gone',
  previous_hash_differs: 'it does not follow from the entry before it',
  hash_differs: 'its hash is not that of its text',
  entry_missing: 'its row of audit_logs is gone',
  entry_differs: 'its row of audit_logs is not what was sealed',
  head_differs: 'the head of the chain names other hashes',
  head_missing: 'the head of the chain is gone',
  beyond_head: 'the head of the chain does not know it',
  anchor_differs: 'its hash was another when it was written down',
  not_in_chain: 'a row of audit_logs that nobody sealed',
} as const;

export type BreakReason = keyof typeof BREAK_REASONS;

/** Where the chain does not hold; `seq` counts from 1 and is null for a row outside the chain. */
export interface ChainBreak {
  readonly seq: number | null;
  readonly auditId: string | null;
  readonly reason: BreakReason;
}

/** Walks the chain in order, row by row; of all that came before it knows only the last link. */
export class ChainVerifier {
  private last: Link = START;

  /** @param anchors hashes by place, as somebody wrote them down earlier */
  constructor(private readonly anchors: ReadonlyMap<number, string> = new Map()) {}

  /** @returns what is wrong with this row, or with one that should stand before it */
  see(row: SealedRow): ChainBreak | null {
    if (row.seq !== this.last.seq + 1) return { seq: this.last.seq + 1, auditId: null, reason: 'link_missing' };
    const reason = this.reasonAgainst(row);
    if (reason !== null) return { seq: row.seq, auditId: row.audit_id, reason };
    this.last = { seq: row.seq, previousHash: row.previous_hash, hash: row.hash };
    return null;
  }

  /** After the last row: also a missing end is a break. */
  finish(head: Link | null): ChainBreak | null {
    const { seq, previousHash, hash } = this.last;
    const isShort = [...this.anchors.keys()].some((anchored) => anchored > seq);
    if (isShort) return { seq: seq + 1, auditId: null, reason: 'link_missing' };
    if (head === null) return { seq, auditId: null, reason: 'head_missing' };
    if (head.seq > seq) return { seq: seq + 1, auditId: null, reason: 'link_missing' };
    if (head.seq < seq) return { seq: head.seq + 1, auditId: null, reason: 'beyond_head' };
    const same = head.hash === hash && head.previousHash === previousHash;
    return same ? null : { seq, auditId: null, reason: 'head_differs' };
  }

  private reasonAgainst({ seq, previous_hash, hash, canonical, legacy, entry }: SealedRow): BreakReason | null {
    if (previous_hash !== this.last.hash) return 'previous_hash_differs';
    if (hash !== linkHash(previous_hash, canonical)) return 'hash_differs';
    if ((this.anchors.get(seq) ?? hash) !== hash) return 'anchor_differs';
    if (entry === null) return 'entry_missing';
    if (legacy) return textOfLegacyRow(entry) === canonical ? null : 'entry_differs';
    const same = textOfRow(entry) === canonical && entry.previous_hash === previous_hash && entry.current_hash === hash;
    return same ? null : 'entry_differs';
  }
}
