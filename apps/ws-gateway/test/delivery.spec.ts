import { appendToOutbox, newEvent, outboxMigrationSql } from '@gpubroker/events/outbox';
import { OutboxRelay } from '@gpubroker/events/relay';
import { priceUpdates } from '@gpubroker/contracts/events';
import { eventually } from './eventually';
import { metric, PriceFeed } from './price-feed';
import { idsOf, priceList, priceUpdate } from './price-updates';

let feed: PriceFeed;

beforeAll(async () => {
  feed = await PriceFeed.open();
});

afterEach(() => feed.clear());
afterAll(() => feed.close());

describe('a price change', () => {
  it('reaches every socket with exactly the fields of the event', async () => {
    const replica = await feed.start();
    const clients = await Promise.all([feed.connect(replica), feed.connect(replica)]);
    const update = priceUpdate({ old_price: null });
    await feed.publish(update);

    for (const client of clients) {
      await client.next('price_update');
      expect(client.messages).toEqual([{ type: 'price_update', data: update }]);
    }
  });

  it('reaches the sockets of every replica', async () => {
    const replicas = await Promise.all([feed.start(), feed.start()]);
    const clients = await Promise.all(replicas.map((replica) => feed.connect(replica)));
    const updates = priceList(300);
    await feed.publish(...updates);

    for (const client of clients) {
      await eventually(() => expect(client.updates).toHaveLength(updates.length));
      expect(idsOf(client.updates)).toEqual(idsOf(updates));
    }
  });

  it('is sent once when the log delivers it twice', async () => {
    const replica = await feed.start();
    const client = await feed.connect(replica);
    const update = priceUpdate();
    const last = priceUpdate();
    await feed.publish(update);
    await feed.publish(update, last);

    await eventually(() => expect(idsOf(client.updates)).toContain(last.event_id));
    expect(idsOf(client.updates)).toEqual(idsOf([update, last]));
  });

  it('that was committed before the start is not sent as news', async () => {
    const old = priceUpdate();
    await feed.publish(old);
    const replica = await feed.start();
    const client = await feed.connect(replica);
    const fresh = priceUpdate();
    await feed.publish(fresh);

    await client.next('price_update');
    expect(idsOf(client.updates)).toEqual([fresh.event_id]);
  });

  it('arrives after an event that nobody can read', async () => {
    const replica = await feed.start();
    const client = await feed.connect(replica);
    const update = priceUpdate();
    await feed.transport.publish([
      { topic: 'price_updates', key: 'x', value: '{not json', headers: { 'event-version': '1' } },
    ]);
    await feed.publish(update);

    await client.next('price_update');
    expect(idsOf(client.updates)).toEqual([update.event_id]);
    await eventually(async () => expect(await metric(replica, 'gpubroker_dead_letters_total')).toBe(1));
  });

  it('comes from a service’s outbox within half a second of its commit', async () => {
    await feed.pool.query('CREATE SCHEMA IF NOT EXISTS shop');
    for (const statement of outboxMigrationSql('shop').up) await feed.pool.query(statement);
    const relay = new OutboxRelay({ schema: 'shop', directUrl: feed.database.url, transport: feed.transport });
    relay.start();
    const replica = await feed.start();
    const client = await feed.connect(replica);
    const warmUp = priceUpdate();
    await appendToOutbox(feed.pool, 'shop', [newEvent(priceUpdates, warmUp, { id: warmUp.event_id })]);
    await client.next('price_update');

    const update = priceUpdate();
    await appendToOutbox(feed.pool, 'shop', [newEvent(priceUpdates, update, { id: update.event_id })]);
    const committed = performance.now();
    await eventually(() => expect(client.updates).toHaveLength(2));
    expect(performance.now() - committed).toBeLessThan(500);
    await relay.stop();
  });

  it('is found in the histogram from commit to socket', async () => {
    const replica = await feed.start();
    const client = await feed.connect(replica);
    await feed.publish(priceUpdate({ timestamp: new Date(Date.now() - 3_000).toISOString() }));
    await client.next('price_update');

    expect(await metric(replica, 'gpubroker_ws_delivery_seconds_count')).toBe(1);
    expect(await metric(replica, 'gpubroker_ws_delivery_seconds_bucket{le="2.5"')).toBe(0);
    expect(await metric(replica, 'gpubroker_ws_delivery_seconds_bucket{le="5"')).toBe(1);
  });
});

describe('the metrics', () => {
  it('count the sockets that are open', async () => {
    const replica = await feed.start();
    const client = await feed.connect(replica);
    await feed.connect(replica);
    expect(await metric(replica, 'gpubroker_ws_clients')).toBe(2);
    client.drop();
    await eventually(async () => expect(await metric(replica, 'gpubroker_ws_clients')).toBe(1));
  });

  it('tell how far the consumer is behind', async () => {
    const replica = await feed.start();
    await eventually(async () =>
      expect(await metric(replica, 'gpubroker_consumer_lag{group="ws-gateway",topic="price_updates"')).toBe(0),
    );
  });
});
