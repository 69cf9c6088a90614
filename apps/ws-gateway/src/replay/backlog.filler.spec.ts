import { randomUUID } from 'node:crypto';
import type { StoredRecord } from '@gpubroker/events/transport';
import { Backlog } from './backlog';
import { fillBacklog } from './backlog.filler';

const since = new Date('2026-11-21T10:00:00Z');

function stored(id: string, partition: number, seconds: number, value?: string): StoredRecord {
  const update = {
    event_id: id,
    offer_id: 'o',
    provider: 'vastai',
    gpu_type: 'H100',
    region: 'us-texas',
    old_price: null,
    new_price: 1,
    currency: 'USD',
    availability_status: 'available',
    timestamp: '2026-11-21T10:00:00.000Z',
  };
  return {
    topic: 'price_updates',
    key: 'o',
    value: value ?? JSON.stringify(update),
    headers: { 'event-id': id, 'event-version': '1' },
    partition,
    offset: '1',
    storedAt: new Date(since.getTime() + seconds * 1_000),
  };
}

async function fill(records: StoredRecord[], capacity = 10, signal = new AbortController().signal) {
  const backlog = new Backlog(capacity);
  const transport = {
    // eslint-disable-next-line @typescript-eslint/require-await -- a log is read asynchronously
    async *replay() {
      yield* records;
    },
  };
  const from = await fillBacklog(transport, backlog, { since, capacity, signal });
  const ids = [];
  for (let place = backlog.first; place < backlog.end; place += 1) ids.push(backlog.at(place)?.id);
  return { ids, from };
}

const [a, b, c, d] = Array.from({ length: 4 }, () => randomUUID()) as [string, string, string, string];

it('goes on a minute before the newest, since clocks differ', async () => {
  expect(await fill([stored(a, 0, 100)])).toEqual({ ids: [a], from: { since: new Date(since.getTime() + 40_000) } });
});

it('goes on where it began when there was nothing', async () => {
  expect(await fill([])).toEqual({ ids: [], from: { since } });
});

it('puts the partitions of a log in the order of time', async () => {
  const { ids } = await fill([stored(a, 0, 1), stored(c, 0, 3), stored(b, 1, 2), stored(d, 1, 4)]);
  expect(ids).toEqual([a, b, c, d]);
});

it('keeps a partition’s own order where its clock went back', async () => {
  const { ids } = await fill([stored(a, 0, 5), stored(b, 0, 1), stored(c, 1, 3)]);
  expect(ids).toEqual([c, a, b]);
});

it('keeps the newest when there are more than it may hold', async () => {
  const many = Array.from({ length: 50 }, (_, index) => stored(randomUUID(), 0, index));
  const { ids } = await fill([...many, stored(a, 0, 60), stored(b, 0, 61)], 2);
  expect(ids).toEqual([a, b]);
});

it('passes over what cannot be read', async () => {
  expect((await fill([stored(a, 0, 1, '{'), stored(b, 0, 2)])).ids).toEqual([b]);
});

it('ends when the service does', async () => {
  await expect(fill([stored(a, 0, 1)], 10, AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
});
