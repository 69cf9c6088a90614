export { migrationCli } from './migration.cli';
export { MigratorBusyError } from './migrator-lock';
export {
  planMigrations,
  revertLastMigration,
  runMigrations,
  type MigrateOptions,
  type MigrationPlan,
} from './run-migrations';
export { assertNoDrift, describeDrift, SchemaDriftError } from './schema-drift';
