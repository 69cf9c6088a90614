import { offers, priceUpdates, type PriceUpdate } from '@gpubroker/contracts/events';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import {
  appendToOutbox,
  eventTimeSql,
  insertIntoOutboxSelect,
  newEvent,
  newTombstone,
  outboxMigrationSql,
} from '../src/outbox';
import { eventually } from './conformance/eventually';
import { serviceDatabase, type ServiceDatabase } from './service-database';

let service: ServiceDatabase;

beforeAll(async () => {
  service = await serviceDatabase();
});

beforeEach(async () => {
  await service.pool.query('TRUNCATE svc.outbox');
});

afterAll(async () => {
  await service.close();
});

const update = (n: number): PriceUpdate => ({
  event_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  offer_id: `offer-${n % 10}`,
  provider: 'vastai',
  gpu_type: 'H100-SXM',
  region: 'us-east',
  old_price: null,
  new_price: 2.5,
  currency: 'USD',
  availability_status: 'available',
  timestamp: '2026-11-21T10:00:00.123Z',
});
const event = (n: number) => newEvent(priceUpdates, update(n), { id: update(n).event_id });
const stored = async () =>
  (await service.pool.query<Record<string, unknown>>('SELECT * FROM svc.outbox ORDER BY seq')).rows;

describe('newEvent', () => {
  it('carries the key, the version and the trace', () => {
    expect(newEvent(priceUpdates, update(1), { traceparent: '00-1-2-01' })).toMatchObject({
      topic: 'price_updates',
      key: 'offer-1',
      headers: { 'event-version': '1', traceparent: '00-1-2-01' },
    });
  });

  it('refuses a payload that no consumer would take', () => {
    expect(() => newEvent(priceUpdates, { ...update(1), new_price: 0.123456 })).toThrow('decimals');
  });

  it('makes tombstones for compacted topics only', () => {
    expect(newTombstone(offers, 'offer-1')).toMatchObject({ topic: 'offers', key: 'offer-1', payload: null });
    expect(() => newTombstone(priceUpdates, 'offer-1')).toThrow('not compacted');
  });
});

describe('the outbox', () => {
  it('is written with the transaction, in the order of the call', async () => {
    await appendToOutbox(service.pool, 'svc', [event(1), event(2), newTombstone(offers, 'gone')]);
    const rows = await stored();
    expect(rows.map((row) => [row['topic'], row['key'], row['payload']])).toEqual([
      ['price_updates', 'offer-1', update(1)],
      ['price_updates', 'offer-2', update(2)],
      ['offers', 'gone', null],
    ]);
    expect(rows[0]).toMatchObject({ event_id: update(1).event_id, headers: { 'event-version': '1' }, refusal: null });
  });

  it('is written with TypeORM’s transaction too, and forgotten with its rollback', async () => {
    const dataSource = await new DataSource({ type: 'postgres', url: service.url }).initialize();
    try {
      await dataSource.transaction((manager) => appendToOutbox(manager, 'svc', [event(1)]));
      const failing = dataSource.transaction(async (manager) => {
        await appendToOutbox(manager, 'svc', [event(2)]);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect((await stored()).map((row) => row['event_id'])).toEqual([update(1).event_id]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('rings once per commit and not before it', async () => {
    const listener = new Client({ connectionString: service.url });
    await listener.connect();
    try {
      let rings = 0;
      listener.on('notification', () => {
        rings += 1;
      });
      await listener.query('LISTEN svc_outbox');
      const writer = await service.pool.connect();
      await writer.query('BEGIN');
      await appendToOutbox(writer, 'svc', [event(1)]);
      await appendToOutbox(writer, 'svc', [event(2)]);
      await listener.query('SELECT 1');
      expect(rings).toBe(0);
      await writer.query('COMMIT');
      writer.release();
      await eventually(async () => {
        await listener.query('SELECT 1');
        expect(rings).toBe(1);
      });
    } finally {
      await listener.end();
    }
  });

  it('refuses a payload that a broker would refuse after the commit', async () => {
    const large = {
      ...event(1),
      payload: { text: Array.from({ length: 200_000 }, () => Math.random().toString(36)).join() },
    };
    await expect(appendToOutbox(service.pool, 'svc', [large])).rejects.toThrow('outbox_payload_check');
  });

  it('takes 100,000 events within 20 s', async () => {
    const events = Array.from({ length: 100_000 }, (_, n) => event(n));
    const begun = performance.now();
    await appendToOutbox(service.pool, 'svc', events);
    const took = performance.now() - begun;
    console.log(`appendToOutbox: 100,000 events in ${took.toFixed(0)} ms`);
    const { rows } = await service.pool.query<{ n: string }>('SELECT count(*) AS n FROM svc.outbox');
    expect(rows[0]?.n).toBe('100000');
    expect(took).toBeLessThan(20_000);
  });

  it('is written by a SELECT as part of one statement', async () => {
    const statement = insertIntoOutboxSelect({
      schema: 'svc',
      contract: priceUpdates,
      extraHeaders: '$1::jsonb',
      select: `SELECT event_id, 'offer-' || n AS key, jsonb_build_object('event_id', event_id, 'offer_id', 'offer-' || n,
          'provider', 'vastai', 'gpu_type', 'A100', 'region', 'eu', 'old_price', NULL, 'new_price', 1.2500::numeric(10,4),
          'currency', 'USD', 'availability_status', 'limited', 'timestamp', ${eventTimeSql()}) AS payload
        FROM changed ORDER BY n`,
    });
    const { rows } = await service.pool.query<{ written: string }>(
      `WITH changed AS (SELECT n, gen_random_uuid() AS event_id FROM generate_series(1, 3) AS n),
            emitted AS (${statement} RETURNING 1)
       SELECT count(*) AS written FROM emitted`,
      [JSON.stringify({ traceparent: '00-1-2-01' })],
    );
    expect(rows).toEqual([{ written: '3' }]);
    for (const [index, row] of (await stored()).entries()) {
      expect(row).toMatchObject({
        key: `offer-${index + 1}`,
        headers: { 'event-version': '1', traceparent: '00-1-2-01' },
      });
      expect(priceUpdates.versions[1]!.parse(row['payload'])).toMatchObject({
        event_id: row['event_id'],
        new_price: 1.25,
      });
    }
  });

  it('can be migrated twice, and away', async () => {
    const { up, down } = outboxMigrationSql('other');
    await service.pool.query('CREATE SCHEMA other');
    for (const statement of [...up, ...up, ...down, ...down]) await service.pool.query(statement);
    const { rows } = await service.pool.query("SELECT 1 FROM information_schema.tables WHERE table_schema = 'other'");
    expect(rows).toEqual([]);
  });

  it.each(['', 'Svc', 'a b', 'x"; DROP TABLE y; --', '1a'])('refuses the schema name %j', (name) => {
    expect(() => outboxMigrationSql(name)).toThrow('Not a plain schema name');
  });
});
