import type { EventObserver } from '@gpubroker/events/transport';
import type { Logger } from 'pino';
import type { DeliveryMetrics } from './delivery.metrics';

/** What happens on the way from the log, for those who run the service. */
export function logObserver(metrics: DeliveryMetrics, logger: Logger): EventObserver {
  return {
    lag: (group, topic, lag) => metrics.behind(group, topic, lag),
    retried: (group, topic, error) => logger.warn({ err: error, group, topic }, 'an event is tried again'),
    deadLettered: (group, topic, reason, detail) => {
      metrics.unreadable(reason);
      logger.error({ group, topic, reason, detail }, 'an event was put aside');
    },
    connectionFailed: (what, error) => logger.warn({ err: error }, `could not ${what}, trying again`),
  };
}
