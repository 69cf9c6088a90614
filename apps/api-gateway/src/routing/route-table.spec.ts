import { peersOf, routeFor, ROUTES, type Route } from './route-table';

const TABLE: Route[] = [
  { prefix: '/a', peer: 'kpi', access: 'public', body: 'standard' },
  { prefix: '/a/b', peer: 'auth', access: 'bearer', body: 'standard' },
  { prefix: '/c', peer: 'kpi', access: 'public', body: 'math' },
];

it.each([
  ['/a', 'kpi'],
  ['/a/x', 'kpi'],
  ['/a/b', 'auth'],
  ['/a/b/x', 'auth'],
  ['/a/bx', 'kpi'],
  ['/ab', undefined],
  ['/', undefined],
])('%s leads to %s', (path, peer) => {
  expect(routeFor(TABLE, path)?.peer).toBe(peer);
});

it('names each service once', () => {
  expect(peersOf(TABLE)).toEqual(['kpi', 'auth']);
});

it('holds each prefix once, without a slash at its end', () => {
  const prefixes = ROUTES.map(({ prefix }) => prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  expect(prefixes.filter((prefix) => prefix.endsWith('/'))).toEqual([]);
});
