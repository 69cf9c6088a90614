export { eventLogEnv, toEventLogConfig, type EventLogConfig } from './event-log.env';
export { eventObserver, relayObserver } from './event-metrics';
export { openEventLog, type EventLog } from './open-event-log';
