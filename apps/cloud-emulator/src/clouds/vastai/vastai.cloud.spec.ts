import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { vastaiCloud } from './vastai.cloud';

const NOW = Date.UTC(2026, 10, 21);
const KEY = 'emulator-key';
const EVERY_HOST = { verified: { in: [true, false] }, limit: 1_000 };

type Row = Record<string, unknown> & {
  id: number;
  gpu_name: string;
  num_gpus: number;
  dph_base: number;
  min_bid: number;
};

const newCloud = (now = () => NOW, speed = 1) => vastaiCloud({ seed: 1, speed, now });

function search(cloud: EmulatedCloud, body: object = EVERY_HOST, asked: Asked = {}): Row[] {
  const answer = ask(cloud, '/api/v0/bundles/', { body, client: String(Math.random()), ...asked });
  expect(answer.status).toBe(200);
  return (answer.body as { offers: Row[] }).offers;
}

/** Members nobody can know of an emulated host. */
const UNMEASURED = [
  'dlperf',
  'dlperf_per_dphtotal',
  'flops_per_dphtotal',
  'total_flops',
  'score',
  'gpu_mem_bw',
  'gpu_max_power',
  'gpu_max_temp',
];
const NOT_EMULATED = /^(avail_vol_|nw_disk_|sla_)/;

describeWithShared('a row beside a recorded one', (shared) => {
  const recording = join(shared, 'data/upstreams/vast/1-bundles-on-demand.json');
  it('has the recorded members with the recorded types', () => {
    const recorded = (JSON.parse(readFileSync(recording, 'utf8')) as { offers: Row[] }).offers;
    const row = search(newCloud(), {
      ...EVERY_HOST,
      gpu_name: { eq: 'RTX 5090' },
      driver_vers: { neq: null },
      cpu_cores: { neq: null },
      geolocation: { neq: null },
    })[0]!;
    const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);
    for (const name of Object.keys(recorded[0]!)) {
      if (UNMEASURED.includes(name) || NOT_EMULATED.test(name)) continue;
      const types = new Set(recorded.map((one) => typeOf(one[name])));
      expect({ name, ok: types.has(typeOf(row[name])) }).toEqual({ name, ok: true });
    }
  });
});

describe('Vast.ai search', () => {
  it('offers more than sixty hosts of at least twenty-five cards', () => {
    const rows = search(newCloud());
    expect(rows.length).toBeGreaterThan(60);
    expect(new Set(rows.map((row) => row.gpu_name)).size).toBeGreaterThanOrEqual(25);
  });

  it('prices the whole offer and adds the disk to the total', () => {
    const row = search(newCloud(), { ...EVERY_HOST, gpu_name: { eq: 'B200' }, num_gpus: { eq: 8 } })[0]!;
    const disk = (8 * Number(row.storage_cost)) / 720;
    expect(row.dph_base).toBeGreaterThan(8 * 4);
    expect(row.storage_total_cost).toBeCloseTo(disk, 12);
    expect(row.dph_total).toBeCloseTo(row.dph_base + disk, 12);
    expect(row.search).toMatchObject({ gpuCostPerHour: row.dph_base, diskHour: row.storage_total_cost });
  });

  it('prices the disk size that the search names', () => {
    const [row] = search(newCloud(), { ...EVERY_HOST, allocated_storage: 100 });
    expect(row!.storage_total_cost).toBeCloseTo((100 * Number(row!.storage_cost)) / 720, 12);
  });

  it('gives RAM and disk as the share of the offer and cores of the machine', () => {
    const slice = search(newCloud()).find((row) => row.gpu_frac === 0.25)!;
    expect(slice).toMatchObject({ cpu_ram: Math.round(515_106 / 4), cpu_cores_effective: Number(slice.cpu_cores) / 4 });
    expect(slice.gpu_total_ram).toBe(Number(slice.gpu_ram) * slice.num_gpus);
  });

  it('has the nulls and absurdities of real hosts', () => {
    const cloud = newCloud();
    const rows: Row[] = [];
    for (let hour = 0; hour < 30; hour += 1) {
      for (let step = 0; step < 60; step += 1) cloud.market.step();
      rows.push(...search(cloud));
    }
    for (const member of ['driver_vers', 'cpu_cores', 'geolocation']) {
      expect(rows.some((row) => row[member] === null)).toBe(true);
    }
    expect(rows.some((row) => Number(row.duration) > 3e9)).toBe(true);
    expect(rows.some((row) => row.min_bid > row.dph_base)).toBe(true);
  });

  it('answers a bid search with the floors, and is_bid stays false', () => {
    const cloud = newCloud();
    const asks = new Map(search(cloud).map((row) => [row.id, row]));
    const bids = search(cloud, { ...EVERY_HOST, type: 'bid' });
    expect(bids).toHaveLength(asks.size);
    for (const bid of bids) {
      expect(bid.dph_base).toBe(asks.get(bid.id)!.min_bid);
      expect(bid.is_bid).toBe(false);
    }
  });

  it('answers a reserved search with on-demand ids at the on-demand price', () => {
    const cloud = newCloud();
    const asks = new Map(search(cloud).map((row) => [row.id, row.dph_base]));
    const reserved = search(cloud, { ...EVERY_HOST, type: 'reserved' });
    expect(reserved.length).toBeGreaterThan(10);
    expect(reserved.length).toBeLessThan(asks.size);
    for (const row of reserved) expect(row.dph_base).toBe(asks.get(row.id));
  });

  it('takes the search as JSON in q as well', () => {
    const { body } = ask(newCloud(), '/api/v0/bundles', { query: { q: JSON.stringify({ gpu_name: { eq: 'H200' } }) } });
    expect((body as { offers: Row[] }).offers.every((row) => row.gpu_name === 'H200')).toBe(true);
  });

  it.each([
    ['q that is not JSON', { query: { q: '{' } }],
    ['an unknown field', { body: { colour: { eq: 'red' } } }],
    ['another method', { method: 'DELETE' }],
  ])('refuses %s', (_what, asked) => {
    expect(ask(newCloud(), '/api/v0/bundles/', asked)).toMatchObject({
      status: 400,
      body: { success: false, error: 'invalid_args' },
    });
  });

  it('says 404 to a key that is not one, and 200 to none', () => {
    const answer = ask(newCloud(), '/api/v0/bundles/', { body: {}, key: 'wrong' });
    expect(answer).toMatchObject({ status: 404, body: { msg: 'Invalid user key' } });
    expect(ask(newCloud(), '/api/v0/bundles/', { body: {}, key: KEY }).status).toBe(200);
  });

  it('answers ten searches a minute per address, and then plain text 429', () => {
    let now = NOW;
    const cloud = newCloud(() => now);
    const statuses = Array.from({ length: 11 }, () => ask(cloud, '/api/v0/bundles/', { body: {} }).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    expect(ask(cloud, '/api/v0/bundles/', { body: {} })).toMatchObject({
      contentType: 'text/plain; charset=utf-8',
      body: expect.stringContaining('too frequent') as unknown,
    });
    expect(ask(cloud, '/api/v0/bundles/', { body: {}, client: '192.0.2.9' }).status).toBe(200);
    now += 60_001;
    expect(ask(cloud, '/api/v0/bundles/', { body: {} }).status).toBe(200);
  });

  it('allows more searches when the market runs faster', () => {
    const cloud = newCloud(() => NOW, 60);
    const statuses = Array.from({ length: 300 }, () => ask(cloud, '/api/v0/bundles/', { body: { limit: 1 } }).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('Vast.ai booking', () => {
  const rent = (cloud: EmulatedCloud, id: number, body: object = { image: 'pytorch/pytorch' }, asked: Asked = {}) =>
    ask(cloud, `/api/v0/asks/${id}/`, { method: 'PUT', body, key: KEY, ...asked });

  it('rents an offer, takes it off the list, and gives it a new id when it is back', () => {
    const cloud = newCloud();
    const { id, gpu_name: name, num_gpus: count } = search(cloud)[0]!;
    const rented = rent(cloud, id, { image: 'pytorch/pytorch', disk: 20, label: 'run 1' });
    expect(rented).toMatchObject({ status: 200, body: { success: true, new_contract: expect.any(Number) as unknown } });
    const instance = (rented.body as { new_contract: number }).new_contract;
    expect(search(cloud).map((row) => row.id)).not.toContain(id);
    expect(ask(cloud, `/api/v0/instances/${instance}/`, { key: KEY }).body).toMatchObject({
      instances: { id: instance, label: 'run 1', gpu_name: name, num_gpus: count, actual_status: 'running' },
    });
    expect(ask(cloud, `/api/v0/instances/${instance}/`, { method: 'DELETE', key: KEY })).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect(search(cloud).map((row) => row.id)).toContain(id + 1);
  });

  it('refuses to rent what is rented', () => {
    const cloud = newCloud();
    const { id } = search(cloud)[0]!;
    rent(cloud, id);
    expect(rent(cloud, id)).toMatchObject({ status: 410, body: { error: 'no_such_ask' } });
  });

  it.each([1, 30_000_000 + 99_999, 99_999_999])('does not know offer %p', (id) => {
    expect(rent(newCloud(), id).status).toBe(410);
  });

  it('takes a bid at the floor and refuses one below it', () => {
    const cloud = newCloud();
    const { id, min_bid: floor } = search(cloud, { ...EVERY_HOST, gpu_name: { eq: 'B200' } })[0]!;
    expect(rent(cloud, id, { image: 'x', price: floor / 2 })).toMatchObject({
      status: 400,
      body: { error: 'invalid_args' },
    });
    expect(rent(cloud, id, { image: 'x', price: floor }).status).toBe(200);
  });

  it('needs an image', () => {
    const cloud = newCloud();
    expect(rent(cloud, search(cloud)[0]!.id, {}).status).toBe(400);
  });

  it('fails as HTTP 500 with a text when nothing is left', () => {
    const cloud = newCloud();
    const answer = rent(cloud, search(cloud)[0]!.id, { image: 'x' }, { soldOut: true });
    expect(answer).toMatchObject({ status: 500, body: expect.stringContaining('capacity') as unknown });
  });

  it('shows and ends only the instances of the key', () => {
    const cloud = newCloud();
    const { new_contract: id } = rent(cloud, search(cloud)[0]!.id).body as { new_contract: number };
    expect(ask(cloud, '/api/v0/instances/', { key: 'emulator-other' }).body).toEqual({ instances: [] });
    expect(ask(cloud, `/api/v0/instances/${id}/`, { key: 'emulator-other' }).status).toBe(404);
    expect(ask(cloud, `/api/v0/instances/${id}/`, { method: 'DELETE', key: 'emulator-other' }).status).toBe(404);
    expect(ask(cloud, '/api/v0/instances/', { key: KEY }).body).toMatchObject({ instances: [{ id }] });
  });

  it('tells who a key is and how much credit it has', () => {
    expect(ask(newCloud(), '/api/v0/users/current/', { key: KEY })).toMatchObject({
      status: 200,
      body: { credit: 25, id: expect.any(Number) as unknown },
    });
  });

  it.each([undefined, 'wrong', 'emulator-'])('refuses key %p', (key) => {
    expect(ask(newCloud(), '/api/v0/users/current/', { ...(key !== undefined && { key }) }).status).toBe(401);
  });

  it.each(['/api/v0/users/other', '/api/v0/nothing', '/'])('has nothing under %s', (path) => {
    expect(ask(newCloud(), path, { key: KEY }).status).toBe(404);
  });
});
