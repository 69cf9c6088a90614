import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka, type KafkaServer } from '../../../tools/servers/kafka.mjs';
import { KafkaTransport } from '../src/kafka';
import { appendToOutbox, newEvent } from '../src/outbox';
import { OutboxRelay } from '../src/relay';
import type { DeliveredEvent } from '../src/transport';
import { eventually } from '../test/conformance/eventually';
import { probeEvents, type Thing } from '../test/conformance/probe-events';
import { serviceDatabase, type ServiceDatabase } from '../test/service-database';

const KEYS = 20;

let kafka: KafkaServer;
let service: ServiceDatabase;

beforeAll(async () => {
  [kafka, service] = await Promise.all([startKafka(), serviceDatabase()]);
});

afterAll(async () => {
  await Promise.all([kafka.stop(), service.close()]);
});

const firstSights = (events: readonly DeliveredEvent[]): DeliveredEvent[] =>
  [...new Map([...events].reverse().map((event) => [event.id, event])).values()].reverse();

describe('a broker that is killed again and again', () => {
  it('loses no event, doubles none after dedupe, and keeps the order of each key', async () => {
    const probe = probeEvents();
    const transport = new KafkaTransport({ brokers: [kafka.brokers], clientId: 'loss', catalog: probe.catalog });
    const relay = new OutboxRelay({ schema: 'svc', directUrl: service.url, transport, pollMs: 200 });
    const got: DeliveredEvent[] = [];
    relay.start();
    await transport.subscribe({
      kind: 'shared',
      group: 'loss',
      handlers: {
        [probe.things.topic]: {
          kind: 'each',
          handle: async (event) => {
            await Promise.resolve(got.push(event));
          },
        },
      },
    });
    let written = 0;
    const enough = new AbortController();
    const writer = (async () => {
      while (!enough.signal.aborted) {
        const events = Array.from({ length: 20 }, () => {
          written += 1;
          return { ...newEvent(probe.things, { n: written, text: '' }), key: `key-${written % KEYS}` };
        });
        await appendToOutbox(service.pool, 'svc', events);
        await sleep(20);
      }
    })();
    for (let death = 0; death < 5; death += 1) {
      await sleep(2_000);
      await kafka.kill();
      await sleep(500);
      await kafka.start();
    }
    await sleep(1_000);
    enough.abort();
    await writer;
    const begun = performance.now();
    await eventually(() => expect(new Set(got.map((event) => event.id)).size).toBe(written), 120_000);
    const once = firstSights(got);
    console.log(
      `5 x kill -9: ${written} events, ${got.length} deliveries, ` +
        `caught up ${((performance.now() - begun) / 1_000).toFixed(1)} s after the last write`,
    );
    expect(once).toHaveLength(written);
    for (let k = 0; k < KEYS; k += 1) {
      const ofKey = once.filter((event) => event.key === `key-${k}`).map((event) => (event.payload as Thing).n);
      expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
    }
    await eventually(async () => expect(await transport.lag('loss', [probe.things.topic])).toMatchObject([{ lag: 0 }]));
    expect(transport.health().healthy).toBe(true);
    await relay.stop();
    await transport.close();
  }, 400_000);

  it('waits for a broker that is not there yet', async () => {
    const probe = probeEvents();
    await kafka.kill();
    const transport = new KafkaTransport({ brokers: [kafka.brokers], clientId: 'early', catalog: probe.catalog });
    const got: DeliveredEvent[] = [];
    const subscribing = transport.subscribe({
      kind: 'shared',
      group: `early-${probe.suffix}`,
      handlers: {
        [probe.things.topic]: {
          kind: 'each',
          handle: async (event) => {
            await Promise.resolve(got.push(event));
          },
        },
      },
    });
    const record = {
      topic: probe.things.topic,
      key: 'k',
      value: '{"n":1}',
      headers: { 'event-id': crypto.randomUUID(), 'event-version': '1' },
    };
    await expect(transport.publish([record])).rejects.toThrow();
    expect(transport.health().subscriptions).toMatchObject([{ state: 'connecting' }]);
    await kafka.start();
    await subscribing;
    await transport.publish([record]);
    await eventually(() => expect(got).toHaveLength(1));
    await transport.close();
  });

  it('can be closed while the broker is away', async () => {
    const probe = probeEvents();
    const transport = new KafkaTransport({ brokers: [kafka.brokers], clientId: 'closing', catalog: probe.catalog });
    const handlers = { [probe.things.topic]: { kind: 'each' as const, handle: () => Promise.resolve() } };
    await transport.subscribe({ kind: 'shared', group: `closing-${probe.suffix}`, handlers });
    await kafka.kill();
    await sleep(500);
    const begun = performance.now();
    await transport.close();
    expect(performance.now() - begun).toBeLessThan(30_000);
    await kafka.start();
  });
});
