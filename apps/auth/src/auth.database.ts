import type { DatabaseDefinition } from '@gpubroker/persistence/database';
import { TenantEntity } from './accounts/tenant.entity';
import { UserEntity } from './accounts/user.entity';
import type { AuthConfig } from './auth.config';
import { authMigrations } from './migrations';

export const AUTH_SCHEMA = 'auth';

/** Tables of spec/001 in public, everything else of the service in a schema of its own. */
export function authDatabase(
  config: Pick<AuthConfig, 'databaseUrl' | 'databaseDirectUrl' | 'databasePoolSize'>,
): DatabaseDefinition {
  return {
    name: 'auth',
    url: config.databaseUrl,
    directUrl: config.databaseDirectUrl,
    poolSize: config.databasePoolSize,
    entities: [TenantEntity, UserEntity],
    migrations: authMigrations,
    schema: AUTH_SCHEMA,
  };
}
