export { appendToOutbox } from './append-to-outbox';
export { eventTimeSql, insertIntoOutboxSelect, type OutboxSelect } from './insert-into-outbox-select';
export { newEvent, newTombstone, type NewEvent, type NewEventOptions } from './new-event';
export { MAX_PAYLOAD_BYTES, outboxMigrationSql, type MigrationSql } from './outbox-schema';
export type { SqlExecutor } from './sql-executor';
