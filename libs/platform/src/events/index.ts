export { EventFollower } from './event-follower';
export { eventLogEnv, toEventLogConfig, type EventLogConfig } from './event-log.env';
export { eventObserver } from './event-metrics';
export { EVENT_LOG, eventFollower, eventLog, outboxRelay } from './event-providers';
export { openEventLog, type EventLog } from './open-event-log';
