import { randomUUID } from 'node:crypto';
import { eventually } from './eventually';
import { PriceFeed } from './price-feed';
import { idsOf, priceList, priceUpdate } from './price-updates';

let feed: PriceFeed;

beforeEach(async () => {
  feed = await PriceFeed.open();
});

afterEach(() => feed.close());

const resume = (id: string) => ({ type: 'resume', last_event_id: id });

describe('resume', () => {
  it('gives what was missed, in order, and says when it is done', async () => {
    const replica = await feed.start();
    const gone = await feed.connect(replica);
    const updates = priceList(4);
    await feed.publish(...updates);
    await eventually(() => expect(gone.updates).toHaveLength(4));

    const back = await feed.connect(replica);
    await back.ask(resume(updates[1]!.event_id), 'resumed');
    expect(back.messages).toEqual([
      { type: 'price_update', data: updates[2] },
      { type: 'price_update', data: updates[3] },
      { type: 'resumed' },
    ]);
  });

  it('from the last event says so at once', async () => {
    const replica = await feed.start();
    const client = await feed.connect(replica);
    const update = priceUpdate();
    await feed.publish(update);
    await client.next('price_update');
    await client.ask(resume(update.event_id.toUpperCase()), 'resumed');
    expect(client.updates).toHaveLength(1);
  });

  it('gives only what passes the filters', async () => {
    const replica = await feed.start();
    const witness = await feed.connect(replica);
    const [start, other, wanted] = [priceUpdate(), priceUpdate({ provider: 'runpod' }), priceUpdate()];
    await feed.publish(start, other, wanted);
    await eventually(() => expect(witness.updates).toHaveLength(3));

    const client = await feed.connect(replica);
    client.send({ type: 'subscribe', filters: { provider: 'vastai' } });
    await client.ask(resume(start.event_id), 'resumed');
    expect(idsOf(client.updates)).toEqual([wanted.event_id]);
  });

  it('from an event that nobody knows asks for a snapshot, and goes on live', async () => {
    const replica = await feed.start();
    const client = await feed.connect(replica);
    await client.ask(resume(randomUUID()), 'snapshot_required');
    const update = priceUpdate();
    await feed.publish(update);
    await eventually(() => expect(idsOf(client.updates)).toEqual([update.event_id]));
  });

  it('from an event that is no longer kept asks for a snapshot', async () => {
    const replica = await feed.start({ WS_REPLAY_EVENTS: '100' });
    const client = await feed.connect(replica);
    const updates = priceList(101);
    await feed.publish(...updates);
    await eventually(() => expect(client.updates).toHaveLength(101));
    await client.ask(resume(updates[0]!.event_id), 'snapshot_required');
    await client.ask(resume(updates[1]!.event_id), 'resumed');
  });

  it('works at a replica that was started later, or again', async () => {
    const first = await feed.start();
    const client = await feed.connect(first);
    const updates = priceList(3);
    await feed.publish(...updates.slice(0, 1));
    await client.next('price_update');
    await first.stop();
    await feed.publish(...updates.slice(1));

    const second = await feed.start();
    const back = await feed.connect(second);
    await back.ask(resume(updates[0]!.event_id), 'resumed');
    expect(idsOf(back.updates)).toEqual(idsOf(updates.slice(1)));
  });

  it('knows nothing older than the time that a starting replica reads back', async () => {
    const old = priceUpdate();
    await feed.publish(old);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const replica = await feed.start({ WS_REPLAY_MS: '200' });
    const client = await feed.connect(replica);
    await client.ask(resume(old.event_id), 'snapshot_required');
  });

  it('of more than a queue holds arrives in full, with live changes behind it', async () => {
    const replica = await feed.start({ WS_QUEUE_BYTES: '300000' });
    const updates = priceList(5_000);
    await feed.publish(...updates);
    const witness = await feed.connect(replica);
    const last = priceUpdate();
    await feed.publish(last);
    await eventually(() => expect(idsOf(witness.updates)).toContain(last.event_id));

    const client = await feed.connect(replica);
    client.send(resume(updates[0]!.event_id));
    const live = priceList(200);
    for (const update of live) await feed.publish(update);
    await eventually(() => expect(idsOf(client.updates)).toContain(live.at(-1)!.event_id));
    expect(idsOf(client.updates)).toEqual(idsOf([...updates.slice(1), last, ...live]));
  });
});

describe('sockets that are dropped again and again, on two replicas', () => {
  it('see together what an always-open one sees', async () => {
    const replicas = [await feed.start(), await feed.start()];
    const steady = await feed.connect(replicas[0]!);
    const updates = priceList(400);
    const seen = new Set<string>();
    let last: string | null = null;
    let sent = 0;
    const publishing = (async () => {
      for (; sent < updates.length; sent += 4) {
        await feed.publish(...updates.slice(sent, sent + 4));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    for (let turn = 0; sent < updates.length; turn += 1) {
      const client = await feed.connect(replicas[turn % 2]!);
      if (last !== null) {
        client.send(resume(last));
        await eventually(() => expect(client.messages.map(({ type }) => type)).toContain('resumed'));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      client.drop();
      await client.end();
      for (const { event_id: id } of client.updates) seen.add(id);
      last = client.updates.at(-1)?.event_id ?? last;
    }
    await publishing;
    const final = await feed.connect(replicas[0]!);
    await eventually(() => expect(steady.updates).toHaveLength(updates.length));
    if (last !== null) await final.ask(resume(last), 'resumed');
    for (const { event_id: id } of final.updates) seen.add(id);
    // The first socket may have come when some were published already; from its first event on nothing may be missing.
    const firstSeen = idsOf(updates).findIndex((id) => seen.has(id));
    expect([...seen].sort()).toEqual(idsOf(updates).slice(firstSeen).sort());
    expect(idsOf(steady.updates)).toEqual(idsOf(updates));
  });
});

describe('the log', () => {
  it('that loses its session sends what came meanwhile', async () => {
    const replica = await feed.start();
    const client = await feed.connect(replica);
    await feed.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'events-ws-gateway%'`,
    );
    const updates = priceList(5);
    await feed.publish(...updates);
    await eventually(() => expect(idsOf(client.updates)).toEqual(idsOf(updates)));
    await eventually(async () => expect((await fetch(`${replica.url}/health`)).status).toBe(200));
  });
});
