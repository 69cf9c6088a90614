import { Module, type DynamicModule } from '@nestjs/common';
import { Database, databaseModule } from '@gpubroker/persistence/database';
import {
  accessControl,
  ExternalIdentities,
  ExternalTokens,
  RevocationList,
  type TokenTrust,
} from '@gpubroker/platform/auth';
import { eventFollower, eventLog, outboxRelay } from '@gpubroker/platform/events';
import { openRateLimiter, RATE_LIMITER } from '@gpubroker/platform/limits';
import { LOGGER } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import { REDIS, type RedisLink } from '@gpubroker/platform/redis';
import { openSecretBox, SECRET_BOX } from '@gpubroker/platform/secrets';
import type { Logger } from 'pino';
import { AccountsService } from './accounts/accounts.service';
import { NewUsers } from './accounts/new-users';
import { InvitationStore } from './accounts/invitation.store';
import { InvitationsController } from './accounts/invitations.controller';
import { InvitationsService } from './accounts/invitations.service';
import { RegistrationLimiter } from './accounts/registration.limiter';
import { RegistrationService } from './accounts/registration.service';
import { TenantsService } from './accounts/tenants.service';
import { AdminTenantsController } from './admin/admin-tenants.controller';
import { AdminUsersController } from './admin/admin-users.controller';
import { Administrators } from './admin/administrators';
import { AuditLogsController } from './admin/audit-logs.controller';
import { AuditLogsService } from './admin/audit-logs.service';
import { TenantReader } from './admin/tenant-reader';
import { TenantsAdminService } from './admin/tenants-admin.service';
import { UserReader } from './admin/user-reader';
import { UsersAdminService } from './admin/users-admin.service';
import { AuditEventHandlers, CONSUMER_GROUP } from './audit/audit-event.handlers';
import { AuditAnchor } from './audit/audit-anchor';
import { AuditTrail } from './audit/audit-trail';
import { AuthConfig } from './auth.config';
import { AUTH_SCHEMA, authDatabase } from './auth.database';
import { AuthLifecycle } from './auth.lifecycle';
import { IdentityController } from './issuers/identity.controller';
import { UserDirectory } from './issuers/user-directory';
import { JwksController } from './keys/jwks.controller';
import { SigningKeys } from './keys/signing-keys';
import { ChallengeStore } from './mfa/challenge.store';
import { MfaSecrets } from './mfa/mfa-secrets';
import { MfaSignInService } from './mfa/mfa-sign-in.service';
import { MfaController } from './mfa/mfa.controller';
import { MfaService } from './mfa/mfa.service';
import { SecondFactorChecker } from './mfa/second-factor.checker';
import { SecondFactorStore } from './mfa/second-factor.store';
import { PasswordChangeService } from './passwords/password-change.service';
import { PasswordHasher } from './passwords/password-hasher';
import { PasswordController } from './passwords/password.controller';
import { AccessChangeLog } from './revocation/access-change-log';
import { AuthController } from './sign-in/auth.controller';
import { FailureLog } from './sign-in/failure-log';
import { KnownPlaces } from './sign-in/known-places';
import { PasswordCheck } from './sign-in/password-check';
import { SessionOpener } from './sign-in/session.opener';
import { SessionStore } from './sign-in/session.store';
import { SessionsService } from './sign-in/sessions.service';
import { SignInService } from './sign-in/sign-in.service';
import { TokenIssuer } from './sign-in/token.issuer';
import { Superusers } from './superuser/superusers';

const administration = [
  Superusers,
  Administrators,
  UserReader,
  UsersAdminService,
  TenantReader,
  TenantsAdminService,
  AuditLogsService,
];
const administrationControllers = [AdminUsersController, AdminTenantsController, AuditLogsController];

/** As toTokenTrust makes it for the other services, over auth's own tables. */
const trustOf = (config: AuthConfig, keys: SigningKeys, directory: UserDirectory): TokenTrust => ({
  issuer: config.issuer,
  audience: config.audience,
  algorithms: config.algorithms,
  keys,
  external: new ExternalIdentities(new ExternalTokens(config.externalIssuers), directory, config.audience),
  revocations: new RevocationList(),
  accessChanges: { service: 'auth', eventLog: config.eventLog },
});

@Module({})
export class AuthModule {
  static with(config: AuthConfig): DynamicModule {
    return {
      module: AuthModule,
      imports: [databaseModule(authDatabase(config))],
      controllers: [
        AuthController,
        MfaController,
        PasswordController,
        InvitationsController,
        JwksController,
        IdentityController,
        AuditEventHandlers,
        ...administrationControllers,
      ],
      providers: [
        { provide: AuthConfig, useValue: config },
        {
          provide: SigningKeys,
          inject: [Database],
          useFactory: (database: Database) => SigningKeys.load(config, database),
        },
        ...accessControl(
          (keys: SigningKeys, directory: UserDirectory): TokenTrust => trustOf(config, keys, directory),
          [SigningKeys, UserDirectory],
        ),
        UserDirectory,
        {
          provide: RATE_LIMITER,
          inject: [REDIS, ServiceMetrics],
          useFactory: (redis: RedisLink | null, metrics: ServiceMetrics) =>
            openRateLimiter({ redis, replicas: config.replicas, metrics }),
        },
        RegistrationLimiter,
        eventLog('auth', config.eventLog),
        // Out goes what the outbox holds, in come the audit entries of the other services.
        outboxRelay(AUTH_SCHEMA, config.databaseDirectUrl ?? config.databaseUrl),
        eventFollower({ group: CONSUMER_GROUP }),
        AuditTrail,
        AuditAnchor,
        {
          provide: SECRET_BOX,
          inject: [LOGGER],
          useFactory: (logger: Logger) => openSecretBox(config.secrets, logger),
        },
        AccessChangeLog,
        PasswordHasher,
        PasswordCheck,
        AccountsService,
        TenantsService,
        NewUsers,
        RegistrationService,
        FailureLog,
        KnownPlaces,
        SessionStore,
        SessionOpener,
        ChallengeStore,
        MfaSecrets,
        SecondFactorStore,
        SecondFactorChecker,
        MfaService,
        MfaSignInService,
        PasswordChangeService,
        InvitationStore,
        InvitationsService,
        TokenIssuer,
        SignInService,
        SessionsService,
        ...administration,
        AuthLifecycle,
      ],
    };
  }
}
