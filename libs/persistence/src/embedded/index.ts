export { EmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres';
export { EmbeddedPostgresError, type EmbeddedPostgresFailure } from './embedded-postgres.error';
export type { PostgresExit } from './postgres-process';
