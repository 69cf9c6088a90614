import { isIP, isIPv4 } from 'node:net';
import type { Json } from './canonical-json';

/** What happened, as its caller says it. */
export interface AuditEntry {
  /** `<what>.<past tense>`, for example `session.opened`; at most 100 characters. */
  readonly action: string;
  /** `user`, `tenant`, `session` …; at most 100 characters. */
  readonly resourceType: string;
  readonly resourceId: string | null;
  /** Who did it; null: the system, or nobody who is known. */
  readonly userId: string | null;
  /** Whose records it belongs to; null: the system's own. */
  readonly tenantId: string | null;
  /** Where the request came from (`request.ip`); null when nobody asked. */
  readonly ip: string | null;
  /** Facts without secrets: no password, token, code or key, in whatever form. */
  readonly details?: Readonly<Record<string, Json>>;
}

/** Columns are this long; what is longer is cut, because an entry must never make the change that it records fail. */
const LONGEST = { action: 100, resourceType: 100, resourceId: 255 } as const;

/** The same as the table will hold it. PostgreSQL knows neither NUL nor half a surrogate pair. */
export function storable(entry: AuditEntry): Required<AuditEntry> {
  return {
    action: cut(entry.action, LONGEST.action),
    resourceType: cut(entry.resourceType, LONGEST.resourceType),
    resourceId: entry.resourceId === null ? null : cut(entry.resourceId, LONGEST.resourceId),
    userId: entry.userId,
    tenantId: entry.tenantId,
    ip: entry.ip === null ? null : normalIp(entry.ip),
    details: storableMembers(entry.details ?? {}),
  };
}

const MAPPED_IPV4 = /^::ffff:(?=[\d.]+$)/i;

/** One spelling per address: a mapped IPv4 address is that IPv4 address. Null for what is none. */
export function normalIp(text: string): string | null {
  const address = text.split('%')[0]?.replace(MAPPED_IPV4, '') ?? '';
  if (isIP(address) === 0) return null;
  return isIPv4(address) ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
}

const cut = (text: string, length: number): string => storableText(text.slice(0, length));

const UNSTORABLE = /\p{Surrogate}|\0/gu;

const storableText = (text: string): string => text.replaceAll(UNSTORABLE, '\ufffd');

function storableJson(value: Json): Json {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value === null || typeof value === 'boolean') return value;
  return Array.isArray(value)
    ? value.map((part: Json) => storableJson(part))
    : storableMembers(value as Record<string, Json>);
}

const storableMembers = (members: Readonly<Record<string, Json>>): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(members)
      // A member that is undefined passes the types of a spread, and has no JSON text.
      .filter(([, value]) => (value as Json | undefined) !== undefined)
      .map(([name, value]) => [storableText(name), storableJson(value)]),
  );
