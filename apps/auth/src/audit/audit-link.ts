import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './canonical-json';

/** A row of audit_logs, as its canonical text names it. Times are RFC 3339 in UTC with microseconds. */
export interface AuditFacts {
  readonly audit_id: string;
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string | null;
  readonly details: Json;
  readonly ip_address: string | null;
  readonly created_at: string;
  readonly user_id: string;
  readonly tenant_id: string;
}

/** What stands for the hash before the first entry. */
export const NO_HASH = '0'.repeat(64);

export const canonicalText = (facts: AuditFacts): string => canonicalJson({ ...facts });

/** SPEC A8: SHA256(previous_hash + canonical entry), in hex. */
export const linkHash = (previousHash: string, canonical: string): string =>
  createHash('sha256').update(previousHash).update(canonical, 'utf8').digest('hex');
