export { DEFAULT_LOG_RETENTION, type LogRetention } from './log-retention';
export { PostgresLogTransport, type PostgresLogOptions } from './postgres-log.transport';
