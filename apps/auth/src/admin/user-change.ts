import type { AdminUserDto } from '@gpubroker/contracts/auth';

export type Changes = Record<string, { readonly from: string | boolean | null; readonly to: string | boolean | null }>;

const MEMBERS = ['email', 'full_name', 'organization', 'role', 'tenant_id', 'is_active'] as const;

/** What is another than it was, by member. */
export function changesBetween(before: AdminUserDto, after: AdminUserDto): Changes {
  const changed = MEMBERS.filter((member) => before[member] !== after[member]);
  return Object.fromEntries(changed.map((member) => [member, { from: before[member], to: after[member] }]));
}

/** Do tokens from before say something that is no longer so? They carry address, role and tenant. */
export const saysOtherwise = (before: AdminUserDto, after: AdminUserDto): boolean =>
  (before.is_active && !after.is_active) ||
  before.email !== after.email ||
  before.role !== after.role ||
  before.tenant_id !== after.tenant_id;
