import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigResourceTypes, Kafka, logLevel, type Admin } from 'kafkajs';
import { startKafka, type KafkaServer } from '../../../tools/servers/kafka.mjs';
import { KafkaTransport } from '../src/kafka';
import {
  UnpublishableEventError,
  type DeliveredEvent,
  type EventHandlers,
  type EventRecord,
  type TransportOptions,
} from '../src/transport';
import { listDeadLetters } from '../src/dead-letters';
import { eventually } from '../test/conformance/eventually';
import { probeEvents, probeRecord, type Thing } from '../test/conformance/probe-events';

let kafka: KafkaServer;
let admin: Admin;
const open: KafkaTransport[] = [];

beforeAll(async () => {
  kafka = await startKafka({ properties: { 'log.segment.bytes': 1_048_576, 'log.cleaner.threads': 1 } });
  admin = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
});

afterAll(async () => {
  await admin.disconnect();
  await kafka.stop();
});

function member(options: TransportOptions): KafkaTransport {
  const transport = new KafkaTransport({ brokers: [kafka.brokers], clientId: 'groups', lagEveryMs: 300, ...options });
  open.push(transport);
  return transport;
}

describe('a group that members join and leave', () => {
  it('handles every event, in the order of its key', async () => {
    const { catalog, things } = probeEvents();
    const got: DeliveredEvent[] = [];
    const handlers: EventHandlers = {
      [things.topic]: {
        kind: 'each',
        handle: async (event) => {
          await sleep(2);
          got.push(event);
        },
      },
    };
    const publisher = member({ catalog });
    await member({ catalog }).subscribe({ kind: 'shared', group: 'churn', handlers });
    let written = 0;
    const enough = new AbortController();
    const writer = (async () => {
      while (!enough.signal.aborted) {
        const records = Array.from({ length: 10 }, () => {
          written += 1;
          return probeRecord(things.topic, `key-${written % 12}`, { n: written });
        });
        await publisher.publish(records);
        await sleep(20);
      }
    })();
    for (let change = 0; change < 4; change += 1) {
      const guest = member({ catalog });
      await guest.subscribe({ kind: 'shared', group: 'churn', handlers });
      await sleep(1_500);
      await guest.close();
      await sleep(500);
    }
    enough.abort();
    await writer;
    const begun = performance.now();
    await eventually(() => expect(new Set(got.map((event) => event.id)).size).toBe(written), 60_000);
    await eventually(async () => expect(await publisher.lag('churn', [things.topic])).toMatchObject([{ lag: 0 }]));
    console.log(
      `4 joins and leaves: ${written} events, ${got.length} deliveries, ` +
        `lag 0 ${((performance.now() - begun) / 1_000).toFixed(1)} s after the last write`,
    );
    const seen = new Set<string>();
    const newest = new Map<string, number>();
    for (const event of got) {
      if (seen.has(event.id)) continue;
      seen.add(event.id);
      const { n } = event.payload as Thing;
      expect(n).toBeGreaterThan(newest.get(event.key) ?? 0);
      newest.set(event.key, n);
    }
  });

  it('keeps its partition while a handler takes longer than the session', async () => {
    const { catalog, things } = probeEvents();
    const transport = new KafkaTransport({
      brokers: [kafka.brokers],
      clientId: 'slow',
      catalog,
      sessionTimeoutMs: 6_000,
      retry: { handlerTimeoutMs: 30_000 },
    });
    open.push(transport);
    const handled: number[] = [];
    await transport.subscribe({
      kind: 'shared',
      group: 'slow',
      handlers: {
        [things.topic]: {
          kind: 'each',
          handle: async (event) => {
            const { n } = event.payload as Thing;
            if (n === 1) await sleep(9_000);
            handled.push(n);
          },
        },
      },
    });
    await transport.publish([probeRecord(things.topic, 'k', { n: 1 }), probeRecord(things.topic, 'k', { n: 2 })]);
    await eventually(() => expect(handled).toEqual([1, 2]));
    await sleep(500);
    expect(handled).toEqual([1, 2]);
  });
});

describe('poison', () => {
  it('of four kinds, ten among 10,000, holds up nothing', async () => {
    const { catalog, things } = probeEvents();
    const transport = member({ catalog });
    const spoil = (n: number, record: EventRecord): EventRecord => {
      if (n % 1_000 !== 500) return record;
      const spoils: EventRecord[] = [
        { ...record, value: '{' },
        { ...record, key: null },
        { ...record, headers: { ...record.headers, 'event-version': '99' } },
        record,
      ];
      return spoils[(n / 500) % 4] ?? record;
    };
    const records = Array.from({ length: 10_000 }, (_, n) =>
      spoil(n, probeRecord(things.topic, `key-${n % 50}`, { n, text: n % 1_000 === 500 ? 'poison' : '' })),
    );
    const handled = new Set<number>();
    await transport.subscribe({
      kind: 'shared',
      group: 'poison',
      handlers: {
        [things.topic]: {
          kind: 'each',
          handle: async (event) => {
            await Promise.resolve();
            const { n, text } = event.payload as Thing;
            if (text === 'poison') throw new Error('poison');
            handled.add(n);
          },
        },
      },
    });
    const begun = performance.now();
    await transport.publish(records);
    await eventually(() => expect(handled.size).toBe(9_990), 60_000);
    console.log(`10,000 events with 10 poison: ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
    await eventually(async () => expect(await listDeadLetters(transport, things.topic)).toHaveLength(10));
    const letters = await listDeadLetters(transport, things.topic);
    expect(letters.every(({ headers }) => headers['dlq-reason'] && headers['dlq-offset'] && headers['dlq-error'])).toBe(
      true,
    );
  });

  it('larger than a broker takes is refused by name, and what is before it is kept', async () => {
    const { catalog, things } = probeEvents();
    const transport = member({ catalog });
    const records = [1, 2, 3].map((n) =>
      probeRecord(things.topic, 'k', { n, text: 'x'.repeat(n === 2 ? 2_000_000 : 1) }),
    );
    const refusal = await transport.publish(records).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnpublishableEventError);
    expect((refusal as UnpublishableEventError).index).toBe(1);
    await transport.publish([records[0]!, records[2]!]);
  });
});

describe('topics', () => {
  it('are made with the settings their contract asks for', async () => {
    const { catalog, things, states } = probeEvents();
    await member({ catalog }).publish([
      probeRecord(things.topic, 'k', { n: 1 }),
      probeRecord(states.topic, 'k', { n: 1 }),
    ]);
    const setting = async (topic: string, name: string): Promise<string | undefined> => {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
      });
      return resources[0]?.configEntries.find((entry) => entry.configName === name)?.configValue;
    };
    expect(await setting(states.topic, 'cleanup.policy')).toBe('compact');
    expect(await setting(things.topic, 'cleanup.policy')).toBe('delete');
    expect(await setting(things.topic, 'message.timestamp.type')).toBe('LogAppendTime');
  });

  it('of states are really compacted, and still read whole', async () => {
    const { catalog, states } = probeEvents();
    const transport = member({ catalog });
    const count = async (): Promise<number> => {
      let records = 0;
      for await (const _record of transport.replay(states.topic, 'earliest')) records += 1;
      return records;
    };
    for (let round = 0; round < 60; round += 1) {
      await transport.publish(
        Array.from({ length: 100 }, (_, k) =>
          probeRecord(states.topic, `key-${k}`, { n: round, text: 'x'.repeat(1_000) }),
        ),
      );
    }
    await eventually(async () => expect(await count()).toBeLessThan(4_000), 60_000);
    const { records } = await transport.readCompacted(states.topic);
    expect(records).toHaveLength(100);
    expect(new Set(records.map((record) => (JSON.parse(record.value ?? '') as Thing).n))).toEqual(new Set([59]));
  });
});

describe('from publish to handler', () => {
  it('takes milliseconds', async () => {
    const { catalog, things } = probeEvents();
    const transport = member({ catalog });
    const arrivals = new Map<number, number>();
    await transport.subscribe({
      kind: 'fanout',
      group: 'latency',
      from: 'latest',
      handlers: {
        [things.topic]: {
          kind: 'each',
          handle: async (event) => {
            await Promise.resolve(arrivals.set((event.payload as Thing).n, performance.now()));
          },
        },
      },
    });
    const latencies: number[] = [];
    for (let n = 0; n < 200; n += 1) {
      const begun = performance.now();
      await transport.publish([probeRecord(things.topic, `key-${n}`, { n })]);
      await eventually(() => expect(arrivals.has(n)).toBe(true));
      latencies.push(arrivals.get(n)! - begun);
    }
    latencies.sort((a, b) => a - b);
    console.log(`publish to handler: median ${latencies[100]!.toFixed(1)} ms, p99 ${latencies[198]!.toFixed(1)} ms`);
    expect(latencies[100]).toBeLessThan(200);
  });
});
