export { freshDatabase, migratedTemplate, type FreshDatabase } from './fresh-database';
export { legacyDatabase, loadLegacyDatabase } from './legacy-database';
export { loadSql } from './load-sql';
export { rowsOf } from './rows-of';
export { startTemporaryCluster, type TemporaryCluster } from './temporary-cluster';
