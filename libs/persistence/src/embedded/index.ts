export { EmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres';
export { EmbeddedPostgresError, type EmbeddedPostgresFailure } from './embedded-postgres.error';
export { stopOrphan } from './orphan';
export type { PostgresExit } from './postgres-process';
