export { Inbox } from './inbox';
export { inboxMigrationSql } from './inbox-schema';
