import type { IncomingHttpHeaders } from 'node:http';

/** What the gateway itself knows about the caller, and tells the services in place of what the caller claims. */
export interface CallerFacts {
  readonly address: string;
  readonly protocol: string;
  readonly host: string;
  readonly traceparent: string | undefined;
}

export type ForwardedHeaders = Record<string, string | string[]>;

/** RFC 9110 7.6.1: meant for the next hop only. `expect` too: Node has answered it already. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/** Headers by which a caller would pass for somebody else, or for one of us. */
const FORGEABLE = [
  /^x-(user|tenant|internal|forwarded|original|rewrite|auth|roles?)(-|$)/,
  /^(forwarded|via|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip|fastly-client-ip)$/,
];

/** Names listed in `Connection` are hop-by-hop as well. */
export const connectionOptions = (headers: IncomingHttpHeaders): Set<string> =>
  new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));

/** What a service gets to see of the caller's headers. Length and framing are the HTTP client's to write. */
export function toServiceHeaders(headers: IncomingHttpHeaders, caller: CallerFacts): ForwardedHeaders {
  const dropped = connectionOptions(headers);
  const forwarded: ForwardedHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || dropped.has(name) || HOP_BY_HOP.has(name) || isOurs(name)) continue;
    forwarded[name] = value;
  }
  forwarded['x-forwarded-for'] = caller.address;
  forwarded['x-forwarded-proto'] = caller.protocol === 'https' ? 'https' : 'http';
  if (caller.host) forwarded['x-forwarded-host'] = caller.host;
  if (caller.traceparent) forwarded.traceparent = caller.traceparent;
  return forwarded;
}

/** `X_User_Id` is read as `X-User-Id` by more than one framework. */
function isOurs(name: string): boolean {
  const dashed = name.replaceAll('_', '-');
  return dashed === 'host' || dashed === 'content-length' || FORGEABLE.some((pattern) => pattern.test(dashed));
}
