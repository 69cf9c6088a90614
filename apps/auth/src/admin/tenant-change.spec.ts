import { tenantChanges, wantedTenant, type Wanted } from './tenant-change';

const free: Wanted = { name: 'Acme', plan: 'free', rate_limit_rps: 10, ws_limit: 5, is_active: true };

describe('a change of a tenant', () => {
  it.each([
    ['brings the numbers of another plan', { plan: 'pro' }, { plan: 'pro', rate_limit_rps: 100, ws_limit: 50 }],
    ['lets named numbers stand before them', { plan: 'pro', ws_limit: 7 }, { rate_limit_rps: 100, ws_limit: 7 }],
    ['overrides without another plan', { rate_limit_rps: 250 }, { plan: 'free', rate_limit_rps: 250, ws_limit: 5 }],
    ['leaves what is not named', {}, free],
    ['deactivates', { is_active: false }, { ...free, is_active: false }],
  ] as const)('%s', (_what, change, expected) => {
    expect(wantedTenant(free, change)).toMatchObject(expected);
  });

  it('keeps an override when the plan is named again', () => {
    expect(wantedTenant({ ...free, rate_limit_rps: 250 }, { plan: 'free' }).rate_limit_rps).toBe(250);
  });

  it('names what is another than it was', () => {
    expect(tenantChanges(free, wantedTenant(free, { plan: 'pro', ws_limit: 5 }))).toEqual({
      plan: { from: 'free', to: 'pro' },
      rate_limit_rps: { from: 10, to: 100 },
    });
  });
});
