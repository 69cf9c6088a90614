import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresLogTransport, type PostgresLogOptions } from '../src/postgres-log';
import type { DeliveredEvent, EventHandlers, StoredRecord } from '../src/transport';
import { Pool } from 'pg';
import { eventually } from './conformance/eventually';
import { probeEvents, probeRecord, type Thing } from './conformance/probe-events';
import { serviceDatabase, type ServiceDatabase } from './service-database';

const HOUR_MS = 3_600_000;
const { catalog, things, states } = probeEvents();

let service: ServiceDatabase;
const open: PostgresLogTransport[] = [];

beforeAll(async () => {
  service = await serviceDatabase();
  await log().trim();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
  await service.pool.query('TRUNCATE events.event_log, events.group_offsets');
});

afterAll(async () => {
  await service.close();
});

function log(options: Partial<PostgresLogOptions> = {}): PostgresLogTransport {
  const transport = new PostgresLogTransport({
    pool: service.pool,
    directUrl: service.url,
    catalog,
    pollMs: 100,
    ...options,
  });
  open.push(transport);
  return transport;
}

const thing = (n: number) => probeRecord(things.topic, 'k', { n });
const collect = (into: DeliveredEvent[]): EventHandlers => ({
  [things.topic]: {
    kind: 'each',
    handle: async (event) => {
      await Promise.resolve(into.push(event));
    },
  },
});
const numbers = (events: readonly DeliveredEvent[]): number[] => events.map((event) => (event.payload as Thing).n);

async function all(transport: PostgresLogTransport, topic: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of transport.replay(topic, 'earliest')) records.push(record);
  return records;
}

const age = (topic: string, ms: number) =>
  service.pool.query(
    `UPDATE events.event_log SET stored_at = stored_at - $2 * interval '1 millisecond' WHERE topic = $1`,
    [topic, ms],
  );

describe('the PostgreSQL log', () => {
  it('is created once by any number of processes that start together', async () => {
    await service.pool.query('DROP SCHEMA IF EXISTS together CASCADE');
    await Promise.all(Array.from({ length: 8 }, (_, n) => log({ schema: 'together' }).publish([thing(n)])));
    expect(await all(log({ schema: 'together' }), things.topic)).toHaveLength(8);
  });

  it('shows a reader every record of writers that overtake each other', async () => {
    const got: DeliveredEvent[] = [];
    await log().subscribe({ kind: 'fanout', group: 'reader', from: 'latest', handlers: collect(got) });
    const writers = Array.from({ length: 16 }, () => log());
    await Promise.all(
      writers.map(async (writer, w) => {
        for (let n = 0; n < 50; n += 1) await writer.publish([thing(w * 50 + n)]);
      }),
    );
    await eventually(() => expect(got).toHaveLength(800));
    expect(new Set(numbers(got)).size).toBe(800);
  }, 60_000);

  it('loses nothing when the readers’ sessions are killed 100 times under load', async () => {
    const [shared, fanned]: [DeliveredEvent[], DeliveredEvent[]] = [[], []];
    const transport = log();
    await transport.subscribe({ kind: 'shared', group: 'killed', handlers: collect(shared) });
    await transport.subscribe({ kind: 'fanout', group: 'killed-fan', from: 'latest', handlers: collect(fanned) });
    for (let n = 0; n < 1_000; n += 1) {
      await transport.publish([thing(n)]);
      if (n % 10 === 0) {
        await service.pool.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'events-killed%'",
        );
      }
    }
    await eventually(() => {
      expect(new Set(numbers(shared)).size).toBe(1_000);
      expect(new Set(numbers(fanned)).size).toBe(1_000);
    });
  }, 60_000);

  it('goes on by its poll when no notification comes', async () => {
    const got: DeliveredEvent[] = [];
    const transport = log();
    await transport.subscribe({ kind: 'shared', group: 'deaf', handlers: collect(got) });
    await service.pool.query(
      `INSERT INTO events.event_log (topic, key, value, headers) VALUES ($1, 'k', '{"n":5}', $2)`,
      [things.topic, JSON.stringify(thing(5).headers)],
    );
    await eventually(() => expect(numbers(got)).toEqual([5]));
  });

  it('waits for a database that is away, and then delivers', async () => {
    const got: DeliveredEvent[] = [];
    const failures: string[] = [];
    const nobody = 'postgres://nobody@127.0.0.1:1/none';
    const away = new Pool({ connectionString: nobody });
    const transport = log({
      pool: away,
      directUrl: nobody,
      observer: { connectionFailed: (what) => void failures.push(what) },
    });
    const subscribing = transport.subscribe({ kind: 'shared', group: 'early', handlers: collect(got) });
    await eventually(() => expect(failures.length).toBeGreaterThan(1));
    expect(transport.health()).toEqual({
      healthy: true,
      subscriptions: [{ group: 'early', state: 'connecting', lag: 0 }],
    });
    await expect(transport.publish([thing(1)])).rejects.toThrow();
    await transport.close();
    await subscribing;
    await away.end();
  });

  it('lets one member of a group work and the other stand by', async () => {
    const [first, second] = [log(), log()];
    await first.subscribe({ kind: 'shared', group: 'pair', handlers: collect([]) });
    await eventually(() => expect(first.health().subscriptions).toMatchObject([{ state: 'running' }]));
    await second.subscribe({ kind: 'shared', group: 'pair', handlers: collect([]) });
    await eventually(() => expect(second.health().subscriptions).toMatchObject([{ state: 'standby' }]));
  });

  it('never moves a group backwards', async () => {
    const transport = log();
    const got: DeliveredEvent[] = [];
    await transport.publish([thing(1), thing(2)]);
    await transport.subscribe({ kind: 'shared', group: 'forward', handlers: collect(got) });
    await eventually(() => expect(got).toHaveLength(2));
    await sleep(50);
    const offset = async () =>
      (await service.pool.query<{ offset: string }>(`SELECT "offset" FROM events.group_offsets`)).rows[0]!.offset;
    expect(await offset()).toBe(got[1]!.offset);
  });
});

describe('the retention', () => {
  it('removes events older than their time', async () => {
    const transport = log({ retention: { maxAgeMs: HOUR_MS } });
    await transport.publish([thing(1), thing(2)]);
    await age(things.topic, 2 * HOUR_MS);
    await transport.publish([thing(3)]);
    expect(await transport.trim()).toBe(2);
    expect((await all(transport, things.topic)).map((record) => record.value)).toEqual(['{"n":3}']);
  });

  it('keeps the newest when there are too many', async () => {
    const transport = log({ retention: { maxRecords: 3 } });
    await transport.publish(Array.from({ length: 10 }, (_, n) => thing(n)));
    expect(await transport.trim()).toBe(7);
    expect((await all(transport, things.topic)).map((record) => record.value)).toEqual([
      '{"n":7}',
      '{"n":8}',
      '{"n":9}',
    ]);
  });

  it('keeps dead letters longer than events', async () => {
    const transport = log({ retention: { maxAgeMs: HOUR_MS, deadLetterMaxAgeMs: 3 * HOUR_MS } });
    await transport.publish([{ ...thing(1), topic: `${things.topic}.dlq` }]);
    await age(`${things.topic}.dlq`, 2 * HOUR_MS);
    expect(await transport.trim()).toBe(0);
    await age(`${things.topic}.dlq`, 2 * HOUR_MS);
    expect(await transport.trim()).toBe(1);
  });

  it('keeps the newest state of each key for ever, and forgets the replaced and the removed ones', async () => {
    const transport = log({ retention: { replacedAfterMs: HOUR_MS } });
    const state = (key: string, n: number | null) => probeRecord(states.topic, key, n === null ? null : { n });
    await transport.publish([state('a', 1), state('b', 1), state('a', 2), state('c', 1), state('c', null)]);
    await age(states.topic, 1_000 * HOUR_MS);
    const keys = async () => (await all(transport, states.topic)).map((record) => [record.key, record.value]);
    expect(await transport.trim()).toBe(2);
    expect(await keys()).toEqual([
      ['b', '{"n":1}'],
      ['a', '{"n":2}'],
      ['c', null],
    ]);
    expect(await transport.trim()).toBe(1);
    expect(await keys()).toEqual([
      ['b', '{"n":1}'],
      ['a', '{"n":2}'],
    ]);
  });

  it('runs by itself', async () => {
    const transport = log({ retention: { maxRecords: 1 }, trimEveryMs: 50 });
    await transport.publish([thing(1), thing(2)]);
    await eventually(async () => expect(await all(transport, things.topic)).toHaveLength(1));
  });
});
