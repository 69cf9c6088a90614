import type { PeerName } from './peer-name';

/** Which limit a body has: MAX_BODY_BYTES or MATH_MAX_BODY_BYTES. */
export type BodyClass = 'standard' | 'math';

export interface Route {
  /** The path itself and everything below it; the longest matching prefix decides. */
  readonly prefix: `/${string}`;
  readonly peer: PeerName;
  /** `public` needs no token (SPEC G5). */
  readonly access: 'public' | 'bearer';
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
  { prefix: '/api/v2/providers', peer: 'providers', access: 'public', body: 'standard', keepList: true },
  { prefix: '/api/v2/math/benchmarks', peer: 'math-core', access: 'public', body: 'math' },
  { prefix: '/api/v2/auth', peer: 'auth', access: 'bearer', body: 'standard' },
  { prefix: '/api/v2/auth/register', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/api/v2/auth/login', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/api/v2/auth/refresh', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/.well-known/jwks.json', peer: 'auth', access: 'public', body: 'standard' },
  { prefix: '/api/v2/live', peer: 'ws-gateway', access: 'public', body: 'standard', pages: true },
];

/** WebSocket upgrades. */
export const SOCKET_ROUTE = { prefix: '/ws', peer: 'ws-gateway' } as const;

/** The services that answer HTTP through the gateway, each once. */
export const peersOf = (routes: readonly Route[]): PeerName[] => [...new Set(routes.map(({ peer }) => peer))];

/** @param path without query */
export function routeFor(routes: readonly Route[], path: string): Route | null {
  const matching = routes.filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  return matching.sort((a, b) => b.prefix.length - a.prefix.length)[0] ?? null;
}
