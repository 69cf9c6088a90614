export { freshDatabase, migratedTemplate, type FreshDatabase } from './fresh-database';
export { loadSql } from './load-sql';
export { startTemporaryCluster, type TemporaryCluster } from './temporary-cluster';
