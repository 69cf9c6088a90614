import { randomBytes } from 'node:crypto';
import type { Client } from './client';
import { eventually } from './eventually';
import { metric, PriceFeed, type Replica } from './price-feed';
import { idsOf, offerState, priceUpdate } from './price-updates';

let feed: PriceFeed;
let replica: Replica;

beforeAll(async () => {
  feed = await PriceFeed.open();
});

beforeEach(async () => {
  replica = await feed.start({ WS_HEARTBEAT_MS: '400' });
});

afterEach(() => feed.clear());
afterAll(() => feed.close());

describe('subscribe', () => {
  it('narrows what comes, until the next one', async () => {
    const client = await feed.connect(replica);
    expect(await client.ask({ type: 'subscribe', filters: { gpu_type: 'h100', max_price: 3 } }, 'subscribed')).toEqual({
      type: 'subscribed',
    });
    const wanted = priceUpdate();
    await feed.publish(priceUpdate({ gpu_type: 'A100-80GB' }), priceUpdate({ new_price: 3.5 }), wanted);
    await client.next('price_update');
    expect(idsOf(client.updates)).toEqual([wanted.event_id]);

    await client.ask({ type: 'subscribe' }, 'subscribed');
    const other = priceUpdate({ gpu_type: 'A100-80GB' });
    await feed.publish(other);
    await eventually(() => expect(idsOf(client.updates)).toEqual([wanted.event_id, other.event_id]));
  });

  it('narrows by what only the offer itself says, known before the start or since', async () => {
    const [known, small, later] = [priceUpdate(), priceUpdate(), priceUpdate()];
    await feed.publishOffers(offerState(known.offer_id), offerState(small.offer_id, { gpu_memory_gb: 24 }));
    const fresh = await feed.start();
    const client = await feed.connect(fresh);
    const filters = { gpu_memory_min: 40, pricing: 'on_demand', gpu_count: 8 };
    await client.ask({ type: 'subscribe', filters }, 'subscribed');

    await feed.publish(small, known);
    await client.next('price_update');
    await feed.publishOffers(offerState(known.offer_id, { pricing: 'spot' }), offerState(later.offer_id));
    await eventually(async () => {
      const again = priceUpdate({ offer_id: known.offer_id });
      const before = client.updates.length;
      await feed.publish(again, priceUpdate({ offer_id: later.offer_id }));
      await eventually(() => expect(client.updates.length).toBeGreaterThan(before));
      expect(idsOf(client.updates)).not.toContain(again.event_id);
    });
    expect(idsOf(client.updates)).not.toContain(small.event_id);
    expect(idsOf(client.updates)).toContain(known.event_id);
  });

  it('waits a moment for the facts of an offer that is new', async () => {
    const client = await feed.connect(replica);
    await client.ask({ type: 'subscribe', filters: { gpu_memory_min: 40 } }, 'subscribed');
    const [small, large] = [priceUpdate(), priceUpdate()];
    await feed.publish(small, large);
    await feed.publishOffers(offerState(small.offer_id, { gpu_memory_gb: 24 }), offerState(large.offer_id));
    const last = priceUpdate({ offer_id: large.offer_id });
    await feed.publish(last);
    await eventually(() => expect(idsOf(client.updates)).toContain(last.event_id));
    expect(idsOf(client.updates)).toEqual([large.event_id, last.event_id]);
  });

  it('does not wait for ever for the facts of an offer', async () => {
    const client = await feed.connect(replica);
    await client.ask({ type: 'subscribe', filters: { gpu_count: 1 } }, 'subscribed');
    const update = priceUpdate();
    await feed.publish(update);
    await eventually(() => expect(idsOf(client.updates)).toEqual([update.event_id]));
  });

  it('with a bad filter is an error that names it, and changes nothing', async () => {
    const client = await feed.connect(replica);
    await client.ask({ type: 'subscribe', filters: { provider: 'vastai' } }, 'subscribed');
    expect(
      await client.ask({ type: 'subscribe', filters: { colour: 'red', max_price: 'cheap' } }, 'error'),
    ).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field: 'colour' }, { field: 'max_price' }],
    });

    const wanted = priceUpdate();
    await feed.publish(priceUpdate({ provider: 'runpod' }), wanted);
    await client.next('price_update');
    expect(idsOf(client.updates)).toEqual([wanted.event_id]);
  });
});

describe('a message that is none', () => {
  it.each([
    ['no JSON', '{', 'MALFORMED_REQUEST'],
    ['nothing', '', 'MALFORMED_REQUEST'],
    ['not an object', '[]', 'VALIDATION_ERROR'],
    ['null', 'null', 'VALIDATION_ERROR'],
    ['an unknown type', '{"type":"buy"}', 'VALIDATION_ERROR'],
    ['an unknown member', '{"type":"subscribe","filter":{}}', 'VALIDATION_ERROR'],
    ['filters that are a list', '{"type":"subscribe","filters":[]}', 'VALIDATION_ERROR'],
    ['a resume from nowhere', '{"type":"resume"}', 'VALIDATION_ERROR'],
    ['a resume from no id', '{"type":"resume","last_event_id":"7"}', 'VALIDATION_ERROR'],
    ['a prototype', '{"type":"subscribe","filters":{"__proto__":{}}}', 'VALIDATION_ERROR'],
    ['too deep', `{"type":"subscribe","filters":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 'VALIDATION_ERROR'],
  ])('is answered with an error: %s', async (_what, text, code) => {
    const client = await feed.connect(replica);
    expect(await client.ask(text, 'error')).toMatchObject({
      type: 'error',
      code,
      message: expect.any(String) as string,
    });
    expect(client.closed).toBeNull();
  });

  it('is answered with an error when it is binary', async () => {
    const client = await feed.connect(replica);
    client.socket.send(Buffer.from('{"type":"subscribe"}'));
    expect(await client.next('error')).toMatchObject({ code: 'MALFORMED_REQUEST' });
  });

  it('closes the socket with 1009 when it is larger than 64 KiB', async () => {
    const client = await feed.connect(replica);
    client.send('x'.repeat(1_000_000));
    expect((await client.end()).code).toBe(1009);
    expect(await metric(replica, 'gpubroker_ws_client_errors_total{code="PAYLOAD_TOO_LARGE"')).toBe(1);
  });

  it('is read up to 64 KiB', async () => {
    const client = await feed.connect(replica);
    expect(await client.ask('x'.repeat(64 * 1024), 'error')).toMatchObject({ code: 'MALFORMED_REQUEST' });
  });

  it('closes the socket with 1007 when it is no UTF-8', async () => {
    const client = await feed.connect(replica);
    client.socket.send(Buffer.of(0xff, 0xfe), { binary: false });
    expect((await client.end()).code).toBe(1007);
  });

  it('closes the socket when its fragments never end', async () => {
    const client = await feed.connect(replica);
    for (let part = 0; part < 20; part += 1) client.socket.send('x'.repeat(4_096), { fin: false });
    expect((await client.end()).code).toBe(1009);
  });
});

describe('a client that sends too much', () => {
  const flood = (client: Client, times: number, send: () => void) => {
    for (let sent = 0; sent < times && client.closed === null; sent += 1) send();
  };

  it('is told once, then cut, and nobody else notices', async () => {
    const bystander = await feed.connect(replica);
    const client = await feed.connect(replica);
    flood(client, 1_000, () => client.send({ type: 'subscribe', filters: { gpu_type: 'h100' } }));

    expect((await client.end()).code).toBe(1008);
    expect(client.messages.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(1);
    expect(await metric(replica, 'gpubroker_ws_cuts_total{reason="too_many_messages"')).toBe(1);
    const update = priceUpdate();
    await feed.publish(update);
    await eventually(() => expect(idsOf(bystander.updates)).toEqual([update.event_id]));
    expect(bystander.closed).toBeNull();
  });

  it('is cut for pings too', async () => {
    const client = await feed.connect(replica);
    flood(client, 1_000, () => client.socket.ping());
    await client.end();
    await eventually(async () => expect(await metric(replica, 'gpubroker_ws_clients')).toBe(0));
  });

  it('may send some garbage and go on', async () => {
    const client = await feed.connect(replica);
    for (let sent = 0; sent < 20; sent += 1) client.send(randomBytes(200).toString('latin1'));
    await eventually(() => expect(client.messages.filter(({ type }) => type === 'error')).toHaveLength(20));
    await client.ask({ type: 'subscribe' }, 'subscribed');
  });
});

describe('the heartbeat', () => {
  it('comes again and again, with a ping', async () => {
    const client = await feed.connect(replica);
    await eventually(() => expect(client.messages).toEqual([{ type: 'heartbeat' }, { type: 'heartbeat' }]));
    expect(client.pings).toBeGreaterThanOrEqual(2);
  });

  it('drops a peer that answers no ping, within two of them', async () => {
    const begun = performance.now();
    const dead = await feed.connect(replica, { autoPong: false });
    const alive = await feed.connect(replica);
    await dead.end();
    expect(performance.now() - begun).toBeLessThan(1_200);
    expect(alive.closed).toBeNull();
    expect(await metric(replica, 'gpubroker_ws_cuts_total{reason="no_pong"')).toBe(1);
    await eventually(async () => expect(await metric(replica, 'gpubroker_ws_clients')).toBe(1));
  });
});

describe('coming and going', () => {
  it('leaves nothing behind', async () => {
    for (let round = 0; round < 10; round += 1) {
      const clients = await Promise.all(Array.from({ length: 40 }, () => feed.connect(replica)));
      for (const [index, client] of clients.entries()) {
        if (index % 2 === 0) client.drop();
        else client.socket.close();
      }
      await Promise.all(clients.map((client) => client.end()));
    }
    await eventually(async () => expect(await metric(replica, 'gpubroker_ws_clients')).toBe(0));
    expect(await metric(replica, 'gpubroker_ws_connections_total')).toBe(400);
  });
});
