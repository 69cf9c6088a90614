export { Database } from './database';
export { databaseModule } from './database.module';
export type { DatabaseDefinition, EntityClass, MigrationClass } from './database-definition';
export { DatabaseUnavailableError, isDatabaseUnavailable } from './database-errors';
export { DirectConnection, type DirectConnectionOptions, type Listener } from './direct-connection';
export { Leadership } from './leadership';
export type { Lease } from './lease';
