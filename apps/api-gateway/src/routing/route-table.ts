import type { PeerName } from './peer-name';

/** Which limit a body has: MAX_BODY_BYTES or MATH_MAX_BODY_BYTES. */
export type BodyClass = 'standard' | 'math';

/** Who may ask (SPEC G5): `public` needs no token, `public_reads` none for GET and HEAD, `bearer` always one. */
export type Access = 'public' | 'public_reads' | 'bearer';

export interface Route {
  /** The path itself and everything below it; the longest matching prefix decides. */
  readonly prefix: `/${string}`;
  readonly peer: PeerName;
  readonly access: Access;
  readonly body: BodyClass;
  /** Static pages, which no API document lists: what is 404 there the service says. */
  readonly pages?: true;
  /** The list at the prefix itself is public and changes only with offer events: its bytes may be kept (SPEC P8). */
  readonly keepList?: true;
  /** Where GATEWAY_ANSWER_TIMEOUT_MS does not suit. */
  readonly answerTimeoutMs?: number;
}

/** Everything the public door opens to; what is not here is 404. A service joins with its first line. */
export const ROUTES: readonly Route[] = [
  { prefix: '/api/v2/providers', peer: 'providers', access: 'public_reads', body: 'standard', keepList: true },
  { prefix: '/api/v2/config/integrations', peer: 'providers', access: 'bearer', body: 'standard' },
  { prefix: '/api/v2/admin/providers', peer: 'providers', access: 'bearer', body: 'standard' },
  { prefix: '/api/v2/admin/offers', peer: 'providers', access: 'bearer', body: 'standard' },
  { prefix: '/api/v2/admin/syncs', peer: 'providers', access: 'bearer', body: 'standard' },
  { prefix: '/api/v2/math', peer: 'math-core', access: 'bearer', body: 'math' },
  { prefix: '/api/v2/kpi', peer: 'kpi', access: 'public_reads', body: 'standard' },
  { prefix: '/api/v2/math/benchmarks', peer: 'math-core', access: 'public_reads', body: 'math' },
  { prefix: '/api/v2/recommendations', peer: 'math-core', access: 'bearer', body: 'standard' },
  { prefix: '/api/v2/recommendations/presets', peer: 'math-core', access: 'public_reads', body: 'standard' },
  { prefix: '/api/v2/admin/benchmarks', peer: 'math-core', access: 'bearer', body: 'standard' },
  { prefix: '/api/v2/auth', peer: 'auth', access: 'bearer', body: 'standard' },
  { prefix: '/api/v2/auth/register', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/api/v2/auth/login', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/api/v2/auth/refresh', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/api/v2/auth/mfa/login', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/api/v2/auth/invitations/accept', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/api/v2/admin', peer: 'auth', access: 'bearer', body: 'standard' },
  { prefix: '/.well-known/jwks.json', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/api/v2/ws/tickets', peer: 'ws-gateway', access: 'bearer', body: 'standard' },
  { prefix: '/api/v2/live', peer: 'ws-gateway', access: 'public_reads', body: 'standard', pages: true },
];

/** WebSocket upgrades. */
export const SOCKET_ROUTE = { prefix: '/ws', peer: 'ws-gateway' } as const;

/** The services that answer HTTP through the gateway, each once. */
export const peersOf = (routes: readonly Route[]): PeerName[] => [...new Set(routes.map(({ peer }) => peer))];

/** Must the caller of this method say who it is? */
export const needsToken = (access: Access, method: string): boolean =>
  access === 'bearer' || (access === 'public_reads' && !READS.has(method.toUpperCase()));

/** OPTIONS asks what may be asked; browsers send it without a token. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** @param path without query */
export function routeFor(routes: readonly Route[], path: string): Route | null {
  const matching = routes.filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  return matching.sort((a, b) => b.prefix.length - a.prefix.length)[0] ?? null;
}
