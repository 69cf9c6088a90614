import { canonicalJson, type Json } from './canonical-json';
import { canonicalText, linkHash, NO_HASH } from './audit-link';
import { normalIp } from './audit-entry';

/** A row of audit_logs as `AUDIT_ROW_COLUMNS` reads it. */
export interface AuditRow {
  readonly id: string;
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string | null;
  /** As jsonb prints it: JSON.parse would round what a double cannot hold. */
  readonly details_text: string;
  readonly ip_address: string | null;
  /** RFC 3339, UTC, microseconds. */
  readonly created_at_text: string;
  readonly user_id: string;
  readonly tenant_id: string;
  readonly previous_hash: string | null;
  readonly current_hash: string;
}

const TIME_TEXT = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

/** @param table what audit_logs is called in the query */
export const auditRowColumns = (table: string): string =>
  `${table}.id, ${table}.action, ${table}.resource_type, ${table}.resource_id, ${table}.details::text AS details_text,
   ${table}.ip_address, to_char(${table}.created_at AT TIME ZONE 'UTC', ${TIME_TEXT}) AS created_at_text,
   ${table}.user_id, ${table}.tenant_id, ${table}.previous_hash, ${table}.current_hash`;

/** The text that a row of ours must have been sealed by; null when no entry of ours can have become this row. */
export function textOfRow(row: AuditRow): string | null {
  if (!isOfDoubles(row.details_text)) return null;
  return canonicalText({
    audit_id: row.id,
    action: row.action,
    resource_type: row.resource_type,
    resource_id: row.resource_id,
    details: JSON.parse(row.details_text) as Json,
    ip_address: row.ip_address === null ? null : (normalIp(row.ip_address) ?? row.ip_address),
    created_at: row.created_at_text,
    user_id: row.user_id,
    tenant_id: row.tenant_id,
  });
}

/** The text that a row of an earlier build is sealed by: everything in it as it was found. */
export const textOfLegacyRow = (row: AuditRow): string =>
  canonicalJson({
    legacy: true,
    audit_id: row.id,
    action: row.action,
    resource_type: row.resource_type,
    resource_id: row.resource_id,
    details: row.details_text,
    ip_address: row.ip_address,
    created_at: row.created_at_text,
    user_id: row.user_id,
    tenant_id: row.tenant_id,
    previous_hash: row.previous_hash,
    current_hash: row.current_hash,
  });

const STRINGS = /"(?:\\.|[^"\\])*"/gs;
const NUMBERS = /-?\d+(?:\.\d+)?/g;

/** jsonb keeps numbers exactly, so 0.1 can be edited into one that JSON.parse reads as 0.1 too: entries hold doubles only. */
function isOfDoubles(details: string): boolean {
  const numbers = details.replaceAll(STRINGS, '').match(NUMBERS) ?? [];
  return numbers.every((text) => plainDecimal(Number(text)) === text);
}

/** A double as PostgreSQL's numeric prints it: never with an exponent. */
export function plainDecimal(value: number): string {
  const [mantissa = '', exponent] = JSON.stringify(value).split('e');
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return digits.length <= point
    ? sign + digits.padEnd(point, '0')
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

export interface Link {
  readonly seq: number;
  readonly previousHash: string;
  readonly hash: string;
}

export const START: Link = { seq: 0, previousHash: NO_HASH, hash: NO_HASH };

export const nextLink = (last: Link, canonical: string): Link => ({
  seq: last.seq + 1,
  previousHash: last.hash,
  hash: linkHash(last.hash, canonical),
});
