import type { FactoryProvider } from '@nestjs/common';
import { OutboxRelay } from '@gpubroker/events/relay';
import type { Logger } from 'pino';
import { HealthRegistry } from '../health/health.registry';
import { LOGGER } from '../logging/logger.token';
import { ServiceMetrics } from '../metrics/service-metrics';
import { EventFollower, type FollowerOptions } from './event-follower';
import type { EventLogConfig } from './event-log.env';
import { eventObserver, relayObserver } from './event-metrics';
import { openEventLog, type EventLog } from './open-event-log';

/** The event log of this process: one for all that reads or writes events. */
export const EVENT_LOG = Symbol('EVENT_LOG');

/** Provides EVENT_LOG. The service closes it once nothing writes any more: `EventFollower.stop()`, or `close()` without one. */
export const eventLog = (service: string, config: EventLogConfig): FactoryProvider<EventLog> => ({
  provide: EVENT_LOG,
  inject: [ServiceMetrics, LOGGER],
  useFactory: (metrics: ServiceMetrics, logger: Logger) =>
    openEventLog(service, config, eventObserver(metrics, logger)),
});

/** Provides EventFollower, over EVENT_LOG. */
export const eventFollower = (options: FollowerOptions): FactoryProvider<EventFollower> => ({
  provide: EventFollower,
  inject: [EVENT_LOG, HealthRegistry],
  useFactory: (log: EventLog, health: HealthRegistry) => new EventFollower(options, log, health),
});

/** Provides the OutboxRelay of a service's schema, over EVENT_LOG; of all replicas one at a time is active. */
export const outboxRelay = (schema: string, directUrl: string): FactoryProvider<OutboxRelay> => ({
  provide: OutboxRelay,
  inject: [EVENT_LOG, ServiceMetrics, LOGGER],
  useFactory: ({ transport }: EventLog, metrics: ServiceMetrics, logger: Logger) =>
    new OutboxRelay({ schema, directUrl, transport, observer: relayObserver(metrics, logger) }),
});
