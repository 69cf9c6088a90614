import { setTimeout as sleep } from 'node:timers/promises';
import { eventCatalog } from '@gpubroker/contracts/events';
import { appendToOutbox, newEvent } from '../src/outbox';
import { PostgresLogTransport } from '../src/postgres-log';
import { OutboxRelay, type OutboxRelayOptions, type OutboxState } from '../src/relay';
import { UnpublishableEventError, type DeliveredEvent, type EventRecord } from '../src/transport';
import { eventually } from './conformance/eventually';
import { probeEvents, type Thing } from './conformance/probe-events';
import { serviceDatabase, type ServiceDatabase } from './service-database';

let service: ServiceDatabase;
const relays: OutboxRelay[] = [];
const { things } = probeEvents();

beforeAll(async () => {
  service = await serviceDatabase();
});

afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await service.pool.query('TRUNCATE svc.outbox');
});

afterAll(async () => {
  await service.close();
});

function relayTo(
  publish: (records: readonly EventRecord[]) => Promise<void>,
  options: Partial<OutboxRelayOptions> = {},
): OutboxRelay {
  const relay = new OutboxRelay({
    schema: 'svc',
    directUrl: service.url,
    transport: { publish },
    pollMs: 200,
    ...options,
  });
  relays.push(relay);
  relay.start();
  return relay;
}

const thing = (n: number, key = String(n)) => ({ ...newEvent(things, { n, text: '' }), key });
const append = (...events: ReturnType<typeof thing>[]) => appendToOutbox(service.pool, 'svc', events);
const numbers = (records: readonly EventRecord[]): number[] =>
  records.map(({ value }) => (JSON.parse(value ?? '') as Thing).n);
const waiting = async () =>
  Number((await service.pool.query<{ n: string }>('SELECT count(*) AS n FROM svc.outbox')).rows[0]!.n);
const endSessions = (name: string) =>
  service.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [name]);

function collect(): { records: EventRecord[]; publish(records: readonly EventRecord[]): Promise<void> } {
  const records: EventRecord[] = [];
  return {
    records,
    publish: async (published) => {
      await Promise.resolve(records.push(...published));
    },
  };
}

describe('OutboxRelay', () => {
  it('publishes what was committed before it started and what comes later, and empties the outbox', async () => {
    const log = collect();
    const [first, second] = [thing(1), thing(2)];
    await append(first);
    relayTo(log.publish);
    await append(second);
    await eventually(() => expect(numbers(log.records)).toEqual([1, 2]));
    expect(log.records[0]).toEqual({
      topic: things.topic,
      key: '1',
      value: '{"n": 1, "text": ""}',
      headers: { 'event-version': '1', 'event-id': first.id },
    });
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it('is woken by the commit, not by its poll', async () => {
    const log = collect();
    relayTo(log.publish, { pollMs: 60_000 });
    await append(thing(1));
    await eventually(() => expect(log.records).toHaveLength(1));
    const begun = performance.now();
    await append(thing(2));
    await eventually(() => expect(log.records).toHaveLength(2));
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('loses nothing to a transaction that commits after a later one', async () => {
    const log = collect();
    relayTo(log.publish);
    const slow = await service.pool.connect();
    await slow.query('BEGIN');
    await appendToOutbox(slow, 'svc', [thing(1)]);
    await append(thing(2));
    await eventually(() => expect(numbers(log.records)).toEqual([2]));
    await slow.query('COMMIT');
    slow.release();
    await eventually(() => expect(numbers(log.records)).toEqual([2, 1]));
  });

  it('keeps the order of each key under writers that overtake each other', async () => {
    const log = collect();
    relayTo(log.publish, { batchSize: 7 });
    await service.pool.query('CREATE TABLE IF NOT EXISTS svc.row (key text PRIMARY KEY, n int NOT NULL)');
    await service.pool.query("INSERT INTO svc.row SELECT 'key-' || k, 0 FROM generate_series(0, 3) AS k");
    const change = async (key: string): Promise<void> => {
      const client = await service.pool.connect();
      await client.query('BEGIN');
      const { rows } = await client.query<{ n: number }>('UPDATE svc.row SET n = n + 1 WHERE key = $1 RETURNING n', [
        key,
      ]);
      await sleep(Math.random() * 4);
      await appendToOutbox(client, 'svc', [thing(rows[0]!.n, key)]);
      await sleep(Math.random() * 4);
      await client.query('COMMIT');
      client.release();
    };
    await Promise.all(Array.from({ length: 400 }, (_, n) => change(`key-${n % 4}`)));
    await eventually(() => expect(log.records).toHaveLength(400));
    for (const key of ['key-0', 'key-1', 'key-2', 'key-3']) {
      const ofKey = numbers(log.records.filter((record) => record.key === key));
      expect(ofKey).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    }
  });

  it('keeps events while the log is away, and then sends them in order', async () => {
    const log = collect();
    const failures: unknown[] = [];
    let away = true;
    relayTo((records) => (away ? Promise.reject(new Error('no broker')) : log.publish(records)), {
      observer: { failed: (error) => void failures.push(error) },
    });
    for (const n of [1, 2, 3]) await append(thing(n));
    await eventually(() => expect(failures.length).toBeGreaterThan(1));
    expect(await waiting()).toBe(3);
    away = false;
    await eventually(() => expect(numbers(log.records)).toEqual([1, 2, 3]));
  });

  it('puts an event aside that the log will never take, and goes on', async () => {
    const log = collect();
    const refused: string[] = [];
    relayTo(
      (records) => {
        const index = numbers(records).indexOf(2);
        return index < 0 ? log.publish(records) : Promise.reject(new UnpublishableEventError(index, 'too large'));
      },
      { observer: { refused: (_id, topic, reason) => void refused.push(`${topic} ${reason}`) } },
    );
    await append(thing(1), thing(2), thing(3));
    await eventually(() => expect(numbers(log.records)).toEqual([1, 3]));
    expect(refused).toEqual([`${things.topic} UnpublishableEventError: too large`]);
    expect(await waiting()).toBe(1);
  });

  it('has one active replica, and another when that one’s session ends', async () => {
    const [first, second] = [collect(), collect()];
    relayTo(first.publish);
    await append(thing(1));
    await eventually(() => expect(numbers(first.records)).toEqual([1]));
    relayTo(second.publish);
    await append(thing(2));
    await eventually(() => expect(numbers(first.records)).toEqual([1, 2]));
    await relays[0]!.stop();
    await append(thing(3));
    await eventually(() => expect(numbers(second.records)).toEqual([3]));
    expect(numbers(first.records)).toEqual([1, 2]);
  });

  it('loses nothing when its session is killed again and again', async () => {
    const log = collect();
    relayTo(log.publish, { batchSize: 5 });
    for (let n = 0; n < 200; n += 1) {
      await append(thing(n));
      if (n % 10 === 0) await endSessions('svc-relay');
    }
    await eventually(() => expect(new Set(numbers(log.records)).size).toBe(200));
  });

  it('says how much is waiting and for how long', async () => {
    const states: OutboxState[] = [];
    await append(thing(1), thing(2));
    await sleep(50);
    relayTo(() => Promise.reject(new Error('away')), { observer: { measured: (state) => void states.push(state) } });
    await eventually(() => expect(states.length).toBeGreaterThan(0));
    expect(states[0]).toMatchObject({ pending: 2, refused: 0 });
    expect(states[0]!.oldestAgeMs).toBeGreaterThanOrEqual(50);
  });
});

describe('from a commit to a handler through the PostgreSQL log', () => {
  it('takes milliseconds, and moves 20,000 events without a loss', async () => {
    const transport = new PostgresLogTransport({
      pool: service.pool,
      directUrl: service.url,
      catalog: eventCatalog([things]),
    });
    const got: DeliveredEvent[] = [];
    const arrivals = new Map<number, number>();
    relayTo((records) => transport.publish(records));
    await transport.subscribe({
      kind: 'shared',
      group: 'kpi',
      handlers: {
        [things.topic]: {
          kind: 'batch',
          handle: async (events) => {
            for (const event of events) arrivals.set((event.payload as Thing).n, performance.now());
            await Promise.resolve(got.push(...events));
          },
        },
      },
    });
    const latencies: number[] = [];
    for (let n = 0; n < 200; n += 1) {
      await append(thing(n));
      const committed = performance.now();
      await eventually(() => expect(arrivals.has(n)).toBe(true));
      latencies.push(arrivals.get(n)! - committed);
    }
    latencies.sort((a, b) => a - b);
    const [median, p99] = [latencies[100]!, latencies[198]!];
    const begun = performance.now();
    await append(...Array.from({ length: 20_000 }, (_, n) => thing(1_000 + n)));
    await eventually(() => expect(got).toHaveLength(20_200), 60_000);
    const seconds = (performance.now() - begun) / 1_000;
    console.log(
      `commit to handler: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; 20,000 events in ${seconds.toFixed(1)} s`,
    );
    await transport.close();
    expect(median).toBeLessThan(50);
  }, 90_000);
});
