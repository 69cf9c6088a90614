export { OwnTenantDto, ProfileDto, RegisterDto, RegisteredUserDto } from './account.dto';
export { AdminPageQueryDto, DEFAULT_PAGE_SIZE, PAGE_SIZES } from './admin-page.dto';
export {
  AdminTenantDto,
  AdminTenantListDto,
  AdminTenantQueryDto,
  ChangeTenantDto,
  CreateTenantDto,
  TENANT_SORT_FIELDS,
} from './admin-tenant.dto';
export {
  AdminUserDto,
  AdminUserListDto,
  AdminUserQueryDto,
  ChangeUserDto,
  CreateUserDto,
  USER_SORT_FIELDS,
} from './admin-user.dto';
export {
  AuditBreakDto,
  AuditHeadDto,
  AuditLegacyDto,
  AuditLogDto,
  AuditLogListDto,
  AuditLogQueryDto,
  AuditVerificationDto,
} from './audit-log.dto';
export { PLAN_LIMITS, PLANS, ROLES, type Plan, type Role } from './auth-terms';
export {
  AcceptInvitationDto,
  CreateInvitationDto,
  INVITATION_STATES,
  InvitationDto,
  InvitationListDto,
  INVITED_ROLES,
  NewInvitationDto,
  type InvitationState,
  type InvitedRole,
} from './invitation.dto';
export { IdentityDto } from './identity.dto';
export { JwkDto, JwksDto } from './jwks.dto';
export {
  MfaCodeDto,
  MfaDisableDto,
  MfaEnrollDto,
  MfaEnrolmentDto,
  MfaLoginDto,
  MfaRequiredDto,
  MfaStateDto,
} from './mfa.dto';
export { ChangePasswordDto, PasswordChangedDto } from './password.dto';
export { LoggedOutDto, LoginDto, LogoutDto, RefreshDto, TokenPairDto } from './session.dto';
export {
  ACCESS_TOKEN_SECONDS,
  accessClaimsSchema,
  MFA_TOKEN_SECONDS,
  mfaClaimsSchema,
  REFRESH_TOKEN_SECONDS,
  refreshClaimsSchema,
  type AccessClaims,
  type MfaClaims,
  type RefreshClaims,
} from './token-claims';
