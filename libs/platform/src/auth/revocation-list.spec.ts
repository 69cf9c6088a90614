import type { AccessChange } from '@gpubroker/contracts/events';
import { REMEMBER_MS, RevocationList } from './revocation-list';

const T0 = Date.parse('2026-01-31T12:00:00.000Z');
const at = (ms: number) => new Date(T0 + ms).toISOString();
const token = { sid: 's1', uid: 'u1', tenant_id: 't1', iat: T0 / 1000 - 60 };
const later = { ...token, iat: T0 / 1000 + 1 };

const ended: AccessChange = { kind: 'session_ended', session_id: 's1', user_id: 'u1', at: at(0) };
const user = (is_active: boolean, notBefore: number | null): AccessChange => ({
  kind: 'user_changed',
  user_id: 'u1',
  is_active,
  tokens_not_before: notBefore === null ? null : at(notBefore),
  at: at(0),
});
const tenant = (is_active: boolean): AccessChange => ({
  kind: 'tenant_changed',
  tenant_id: 't1',
  plan: 'free',
  rate_limit_rps: 10,
  ws_limit: 5,
  is_active,
  at: at(0),
});

let now = T0;
const listOf = (...changes: AccessChange[]) => {
  const list = new RevocationList(() => now);
  for (const change of changes) list.note(change);
  return list;
};

beforeEach(() => {
  now = T0 + 100;
});

it.each<[string, AccessChange[], object, boolean]>([
  ['nothing happened', [], token, false],
  ['its session ended', [ended], token, true],
  ['another session of the user ended', [ended], { ...token, sid: 's2' }, false],
  ['its user was deactivated', [user(false, null)], token, true],
  ['its user was deactivated, and it is newer', [user(false, null)], later, true],
  ["its user's role changed after it was issued", [user(true, 0)], token, true],
  ["its user's role changed before it was issued", [user(true, 0)], later, false],
  ['its user came back', [user(false, null), user(true, null)], token, false],
  ['another user was deactivated', [user(false, null)], { ...token, uid: 'u2' }, false],
  ['its tenant was deactivated', [tenant(false)], token, true],
  ['its tenant has another plan', [tenant(true)], token, false],
  ['its tenant came back', [tenant(false), tenant(true)], token, false],
])('%s', (_what, changes, claims, revoked) => {
  expect(listOf(...changes).isRevoked(claims as typeof token)).toBe(revoked);
});

it('forgets what every token has outlived, and does not learn what is as old', () => {
  const list = listOf(ended);
  now = T0 + REMEMBER_MS;
  expect(list.isRevoked(token)).toBe(false);
  list.note({ ...ended, session_id: 's2' });
  expect(list.size).toBe(0);
});

it('holds no more than what happened within the life of a token', () => {
  const list = listOf();
  for (let round = 0; round < 5_000; round += 1) {
    now = T0 + round * 10_000;
    list.note({ ...ended, session_id: `s${round}`, at: new Date(now).toISOString() });
  }
  expect(list.size).toBeLessThanOrEqual(REMEMBER_MS / 10_000 + 1);
});
