import type { AccessClaims } from '@gpubroker/contracts/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { Identity } from '../identity/identity';
import { TenantTermsBook } from '@gpubroker/platform/limits';
import { RateRules } from './rate-rules';

const user: Identity = { kind: 'user', claims: { tenant_id: 't1', plan: 'free' } as AccessClaims, credentials: {} };
const refused: Identity = { kind: 'refused', reason: new ApiError('UNAUTHENTICATED', 'no') };
const terms = new TenantTermsBook({ ask: () => Promise.resolve(null) });
const rules = new RateRules({ ipRequestsPerMinute: 1000 }, terms);
const perAddress = { key: 'ip:192.0.2.1', limit: 1000, windowMs: 60_000, whose: 'address' };

it.each<[string, Identity, object]>([
  ['a valid token is charged to its tenant', user, { key: 'tenant:t1', limit: 10, windowMs: 1_000, whose: 'tenant' }],
  ['a caller without token is charged to its address', { kind: 'anonymous' }, perAddress],
  ['a bad token is charged to its address', refused, perAddress],
])('%s', (_what, identity, quota) => {
  expect(rules.quotaOf(identity, '192.0.2.1')).toEqual(quota);
});

it('counts no address where that limit is off, and tenants all the same', () => {
  const open = new RateRules({ ipRequestsPerMinute: 0 }, terms);
  expect(open.quotaOf({ kind: 'anonymous' }, '192.0.2.1')).toBeNull();
  expect(open.quotaOf(user, '192.0.2.1')).toMatchObject({ key: 'tenant:t1' });
});
