import type { ProfileDto, RegisteredUserDto, Role } from '@gpubroker/contracts/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { TenantEntity } from './tenant.entity';
import type { UserEntity } from './user.entity';

/** A user who has a tenant that is not deactivated: only such a one gets tokens. */
export type Member = UserEntity & { tenant: TenantEntity; tenantId: string };

export const isMember = (user: UserEntity): user is Member => user.tenant?.isActive === true && user.tenantId !== null;

/** @throws ApiError for a user without a tenant: a token without one would be bound to nothing */
export function asMember(user: UserEntity): Member {
  if (!isMember(user)) throw new ApiError('UNAUTHENTICATED', 'Sign in again');
  return user;
}

/** Django's superuser is an administrator whatever its role says. */
export function rolesOf({ role, isSuperuser }: Pick<UserEntity, 'role' | 'isSuperuser'>): Role[] {
  if (isSuperuser || role === 'admin') return ['admin'];
  return [role === 'tenant_admin' ? 'tenant_admin' : 'user'];
}

/** The form in which addresses are compared. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

export function toRegisteredUser(user: UserEntity): RegisteredUserDto {
  return {
    id: user.id,
    email: user.email,
    full_name: user.fullName,
    organization: user.organization,
    is_active: user.isActive,
    created_at: user.createdAt.toISOString(),
  };
}

export function toProfile(user: Member): ProfileDto {
  const { tenant } = user;
  return {
    ...toRegisteredUser(user),
    roles: rolesOf(user),
    mfa_enabled: user.mfaEnabled,
    tenant_id: tenant.id,
    tenant: {
      id: tenant.id,
      name: tenant.name,
      plan: tenant.plan,
      rate_limit_rps: tenant.rateLimitRps,
      ws_limit: tenant.wsLimit,
    },
  };
}
