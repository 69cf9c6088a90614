import { PLAN_LIMITS, type AdminTenantDto, type ChangeTenantDto } from '@gpubroker/contracts/auth';

export type Wanted = Pick<AdminTenantDto, 'name' | 'plan' | 'rate_limit_rps' | 'ws_limit' | 'is_active'>;

type Value = string | number | boolean;
export type TenantChanges = Record<string, { readonly from: Value; readonly to: Value }>;

/** Another plan brings its numbers; numbers that are named stand before them, and later overrides before both (SPEC G6). */
export function wantedTenant(before: Wanted, change: ChangeTenantDto): Wanted {
  const plan = change.plan ?? before.plan;
  const limits =
    plan === before.plan
      ? before
      : { rate_limit_rps: PLAN_LIMITS[plan].rateLimitRps, ws_limit: PLAN_LIMITS[plan].wsLimit };
  return {
    name: change.name ?? before.name,
    plan,
    rate_limit_rps: change.rate_limit_rps ?? limits.rate_limit_rps,
    ws_limit: change.ws_limit ?? limits.ws_limit,
    is_active: change.is_active ?? before.is_active,
  };
}

const MEMBERS = ['name', 'plan', 'rate_limit_rps', 'ws_limit', 'is_active'] as const;

/** What is another than it was, by member. */
export function tenantChanges(before: Wanted, after: Wanted): TenantChanges {
  const changed = MEMBERS.filter((member) => before[member] !== after[member]);
  return Object.fromEntries(changed.map((member) => [member, { from: before[member], to: after[member] }]));
}
