/** `admin` is the platform's own and never given by registration; `tenant_admin` registers; `user` was invited. */
export const ROLES = ['admin', 'tenant_admin', 'user'] as const;
export type Role = (typeof ROLES)[number];

export const PLANS = ['free', 'pro', 'enterprise'] as const;
export type Plan = (typeof PLANS)[number];

/** What a plan writes into a tenant's columns: requests per second and open sockets (SPEC G6). */
export const PLAN_LIMITS: Readonly<Record<Plan, { readonly rateLimitRps: number; readonly wsLimit: number }>> = {
  free: { rateLimitRps: 10, wsLimit: 5 },
  pro: { rateLimitRps: 100, wsLimit: 50 },
  enterprise: { rateLimitRps: 1000, wsLimit: 500 },
};
