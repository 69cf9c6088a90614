import type { RelayObserver } from '@gpubroker/events/relay';
import type { EventObserver } from '@gpubroker/events/transport';
import type { Logger } from 'pino';
import type { ServiceMetrics } from '../metrics/service-metrics';

const observers = new WeakMap<ServiceMetrics, EventObserver>();

/** What happens to a service's events, in /metrics and the log; one for all of the service's subscriptions. */
export function eventObserver(metrics: ServiceMetrics, logger: Logger): EventObserver {
  const known = observers.get(metrics) ?? newObserver(metrics, logger);
  observers.set(metrics, known);
  return known;
}

function newObserver(metrics: ServiceMetrics, logger: Logger): EventObserver {
  const handled = metrics.counter('gpubroker_events_handled_total', 'Events handled', ['group', 'topic']);
  const retried = metrics.counter('gpubroker_event_retries_total', 'Handlings that failed and were tried again', [
    'group',
    'topic',
  ]);
  const deadLettered = metrics.counter('gpubroker_dead_letters_total', 'Events put aside', [
    'group',
    'topic',
    'reason',
  ]);
  const lag = metrics.gauge('gpubroker_consumer_lag', 'Events that the group has not handled yet', ['group', 'topic']);
  return {
    handled: (group, topic, count) => handled.inc({ group, topic }, count),
    retried: (group, topic, error) => {
      retried.inc({ group, topic });
      logger.warn({ group, topic, err: error }, 'handling an event failed, trying again');
    },
    deadLettered: (group, topic, reason, detail) => {
      deadLettered.inc({ group, topic, reason });
      logger.error({ group, topic, reason, detail }, 'an event was put aside');
    },
    lag: (group, topic, value) => {
      lag.set({ group, topic }, value);
    },
    connectionFailed: (what, error) => logger.warn({ err: error }, `cannot ${what}, trying again`),
  };
}

/** What happens in a service's outbox. */
export function relayObserver(metrics: ServiceMetrics, logger: Logger): RelayObserver {
  const pending = metrics.gauge('gpubroker_outbox_pending', 'Events that wait for the relay');
  const age = metrics.gauge('gpubroker_outbox_oldest_seconds', 'Age of the oldest event that waits');
  const refusedNow = metrics.gauge('gpubroker_outbox_refused', 'Events that the log will never take');
  const published = metrics.counter('gpubroker_outbox_published_total', 'Events that reached the log');
  return {
    measured: (state) => {
      pending.set(state.pending);
      age.set(state.oldestAgeMs / 1000);
      refusedNow.set(state.refused);
    },
    published: (count) => published.inc(count),
    refused: (eventId, topic, reason) => logger.error({ event_id: eventId, topic, reason }, 'the log refused an event'),
    failed: (error) => logger.warn({ err: error }, 'the outbox relay lost its way, trying again'),
  };
}
