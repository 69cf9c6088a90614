import { createLogger } from '../logging/create-logger';
import { ServiceMetrics } from '../metrics/service-metrics';
import { eventObserver, relayObserver } from './event-metrics';

const written: string[] = [];
const logger = createLogger({
  service: 'tiny',
  level: 'info',
  destination: { write: (line: string) => void written.push(line) },
});
const levels = () => written.map((line) => (JSON.parse(line) as { level: string }).level);

beforeEach(() => void written.splice(0));

describe('what happens to events', () => {
  it('is counted per group and topic, and logged where it needs a person', async () => {
    const metrics = new ServiceMetrics('tiny');
    const observer = eventObserver(metrics, logger);
    observer.handled?.('g', 't', 3);
    observer.retried?.('g', 't', new Error('postgres://u:canary@h/d'));
    observer.deadLettered?.('g', 't', 'handler_refused', 'no such offer');
    observer.lag?.('g', 't', 9);
    observer.connectionFailed?.('read the log', new Error('gone'));
    const text = await metrics.text();
    expect(text).toContain('gpubroker_events_handled_total{group="g",topic="t",service="tiny"} 3');
    expect(text).toContain('gpubroker_event_retries_total{group="g",topic="t",service="tiny"} 1');
    expect(text).toContain(
      'gpubroker_dead_letters_total{group="g",topic="t",reason="handler_refused",service="tiny"} 1',
    );
    expect(text).toContain('gpubroker_consumer_lag{group="g",topic="t",service="tiny"} 9');
    expect(levels()).toEqual(['warn', 'error', 'warn']);
    expect(written.join('')).not.toContain('canary');
  });
});

describe('what happens in the outbox', () => {
  it('is measured, and logged where it needs a person', async () => {
    const metrics = new ServiceMetrics('tiny');
    const observer = relayObserver(metrics, logger);
    observer.measured?.({ pending: 4, oldestAgeMs: 2_500, refused: 1 });
    observer.published?.(7);
    observer.refused?.('e-1', 't', 'too large');
    observer.failed?.(new Error('gone'));
    const text = await metrics.text();
    expect(text).toContain('gpubroker_outbox_pending{service="tiny"} 4');
    expect(text).toContain('gpubroker_outbox_oldest_seconds{service="tiny"} 2.5');
    expect(text).toContain('gpubroker_outbox_refused{service="tiny"} 1');
    expect(text).toContain('gpubroker_outbox_published_total{service="tiny"} 7');
    expect(levels()).toEqual(['error', 'warn']);
  });
});
