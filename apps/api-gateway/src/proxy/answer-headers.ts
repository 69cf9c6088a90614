import type { IncomingHttpHeaders } from 'node:http';
import { connectionOptions, HOP_BY_HOP, type ForwardedHeaders } from './request-headers';

/** Decided at the public door, for the browser's origin there; a service's own opinion would be a second, differing one. */
const DECIDED_HERE = /^(access-control-|ratelimit-|strict-transport-security$|x-trace-id$)/;

/** What the caller gets to see of a service's headers; encoding, ETag and the rest pass untouched. */
export function toCallerHeaders(headers: IncomingHttpHeaders, varyHere: string | undefined): ForwardedHeaders {
  const dropped = connectionOptions(headers);
  const passed: ForwardedHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || dropped.has(name) || HOP_BY_HOP.has(name) || DECIDED_HERE.test(name)) continue;
    passed[name] = value;
  }
  if (varyHere !== undefined && headers.vary !== undefined) passed.vary = mergeVary(varyHere, headers.vary);
  return passed;
}

const seen = new WeakMap<
  IncomingHttpHeaders,
  { readonly vary: string | undefined; readonly passed: ForwardedHeaders }
>();

/** The same, of an answer that is given again and again: worked out once. */
export function keptCallerHeaders(headers: IncomingHttpHeaders, varyHere: string | undefined): ForwardedHeaders {
  const known = seen.get(headers);
  if (known !== undefined && known.vary === varyHere) return known.passed;
  const passed = toCallerHeaders(headers, varyHere);
  seen.set(headers, { vary: varyHere, passed });
  return passed;
}

function mergeVary(...values: string[]): string {
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim());
  return names.filter((name, at) => names.findIndex((other) => sameName(other, name)) === at).join(', ');
}

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
