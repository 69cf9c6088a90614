export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * RFC 8785: one text per value, so that its hash can be computed again anywhere. JavaScript's own notation of numbers and
 * strings is the one that the RFC prescribes; left to do are the order of members and the refusals.
 * @throws TypeError for what has no such text: NaN, Infinity, half of a surrogate pair
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${canonicalString(name)}:${canonicalJson(member)}`).join(',')}}`;
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON text`);
  return JSON.stringify(value);
}

/** With the `u` flag a pair is one character, so that this finds halves only. */
const HALF_PAIR = /\p{Surrogate}/u;

function canonicalString(value: string): string {
  if (HALF_PAIR.test(value)) throw new TypeError('half of a surrogate pair has no JSON text');
  return JSON.stringify(value);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
