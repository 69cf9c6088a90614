import { ask, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { tensordockCloud } from './tensordock.cloud';

const KEY = 'emulator-key';
const H100 = 'h100-sxm5-80gb';

interface Gpu {
  v0Name: string;
  max_count: number;
  price_per_hr: number;
  pricing?: object;
}
interface Location {
  id: string;
  city: string;
  gpus: Gpu[];
}

const newCloud = (now: () => number = Date.now) => tensordockCloud({ seed: 1, speed: 1, now });
const send = (cloud: EmulatedCloud, path: string, asked: Asked = {}) => ask(cloud, path, { key: KEY, ...asked });
const locations = (cloud: EmulatedCloud): Location[] =>
  (send(cloud, '/api/v2/locations').body as { data: { locations: Location[] } }).data.locations;
const place = (cloud: EmulatedCloud, city: string): Location => locations(cloud).find((one) => one.city === city)!;

const machine = (cloud: EmulatedCloud, changes: object = {}, resources: object = {}) => ({
  data: {
    type: 'virtualmachine',
    attributes: {
      name: 'run 1',
      image: 'ubuntu2204',
      ssh_key: 'ssh-ed25519 A',
      location_id: place(cloud, 'Austin').id,
      resources: { vcpu_count: 8, ram_gb: 32, storage_gb: 100, gpus: { [H100]: { count: 2 } }, ...resources },
      ...changes,
    },
  },
});

describe('TensorDock locations', () => {
  it('price a GPU and, but for one place, the parts beside it', () => {
    const cloud = newCloud();
    expect(place(cloud, 'Austin').gpus.find(({ v0Name }) => v0Name === H100)).toMatchObject({
      price_per_hr: 2.25,
      resources: { max_vcpus: 128 },
      pricing: { per_vcpu_hr: 0.003 },
    });
    expect(place(cloud, 'Chubbuck').gpus[0]).not.toHaveProperty('pricing');
    expect(place(cloud, 'Chicago').gpus).toEqual([]);
  });

  it('show what is left, or at one place what is owned', () => {
    const cloud = newCloud();
    const before = place(cloud, 'Austin').gpus.find(({ v0Name }) => v0Name === H100)!.max_count;
    send(cloud, '/api/v2/instances', { body: machine(cloud) });
    expect(place(cloud, 'Austin').gpus.find(({ v0Name }) => v0Name === H100)?.max_count).toBe(before - 2);
    for (let step = 0; step < 3_000; step += 1) cloud.market.step();
    expect(place(cloud, 'Prague').gpus.map(({ max_count: count }) => count)).toEqual([8, 2]);
  });

  it('move', () => {
    const cloud = newCloud();
    const seen = new Set<string>();
    for (let halfHour = 0; halfHour < 96; halfHour += 1) {
      seen.add(JSON.stringify(locations(cloud).map(({ gpus }) => gpus.map(({ price_per_hr: usd }) => usd))));
      for (let step = 0; step < 30; step += 1) cloud.market.step();
    }
    expect(seen.size).toBeGreaterThan(3);
  });
});

describe('TensorDock booking', () => {
  it('deploys, tells the true rate, and takes the cards back', () => {
    const cloud = newCloud();
    const { status, body } = send(cloud, '/api/v2/instances', { body: machine(cloud) });
    expect(status).toBe(200);
    const { id } = (body as { data: { id: string } }).data;
    // 2 × 2.25 + 8 × 0.003 + 32 × 0.002 + 100 × 0.00005
    expect(send(cloud, `/api/v2/instances/${id}`).body).toMatchObject({ rateHourly: 4.593, name: 'run 1' });
    expect(send(cloud, '/api/v2/instances').body).toEqual({ data: { instances: [{ id }] } });
    expect(send(cloud, `/api/v2/instances/${id}`, { method: 'DELETE', key: 'emulator-other' }).status).toBe(404);
    expect(send(cloud, `/api/v2/instances/${id}`, { method: 'DELETE' }).status).toBe(200);
    expect(send(cloud, `/api/v2/instances/${id}`, { method: 'DELETE' }).status).toBe(404);
    expect(send(cloud, `/api/v2/instances/${id}`).status).toBe(404);
  });

  it.each([
    ['less than 100 GB of disk', {}, { storage_gb: 50 }],
    ['no GPU', {}, { gpus: {} }],
    ['zero GPUs', {}, { gpus: { [H100]: { count: 0 } } }],
    ['a card that is not there', {}, { gpus: { 'rtxa4000-pcie-16gb': { count: 1 } } }],
    ['more cards than there are', {}, { gpus: { [H100]: { count: 99 } } }],
    ['no SSH key', { ssh_key: '' }, {}],
    ['another place', { location_id: 'nowhere' }, {}],
  ])('refuses %s', (_what, changes, resources) => {
    const cloud = newCloud();
    expect(send(cloud, '/api/v2/instances', { body: machine(cloud, changes, resources) }).status).toBe(400);
  });

  it('fails as HTTP 500 with a text when nothing is left', () => {
    const cloud = newCloud();
    expect(send(cloud, '/api/v2/instances', { body: machine(cloud), soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('No capacity') as string,
    });
    expect(send(cloud, '/api/v2/locations', { soldOut: true }).status).toBe(200);
  });

  it('keeps an SSH key for its account', () => {
    const cloud = newCloud();
    expect(send(cloud, '/api/v2/secrets').body).toMatchObject({ data: { secrets: [{ type: 'SSHKEY' }] } });
    expect(send(cloud, '/api/v2/secrets/emulator-secret').body).toMatchObject({
      data: { attributes: { value: expect.stringContaining('ssh-ed25519') as string } },
    });
    expect(send(cloud, '/api/v2/secrets/other').status).toBe(404);
  });
});

describe('TensorDock requests that cannot be answered', () => {
  it('are 401 without a key of the emulator', () => {
    expect(ask(newCloud(), '/api/v2/locations').status).toBe(401);
    expect(ask(newCloud(), '/api/v2/locations', { key: 'real-key' }).status).toBe(401);
  });

  it('are 429 after a hundred within a minute', () => {
    let now = 0;
    const cloud = newCloud(() => now);
    const statuses = Array.from({ length: 101 }, () => send(cloud, '/api/v2/locations').status);
    expect(new Set(statuses.slice(0, 100))).toEqual(new Set([200]));
    expect(statuses.at(-1)).toBe(429);
    now = 60_001;
    expect(send(cloud, '/api/v2/locations').status).toBe(200);
  });

  it('are 404 elsewhere', () => {
    expect(send(newCloud(), '/api/v2/billing').status).toBe(404);
    expect(send(newCloud(), '/api/v2/locations', { method: 'PUT' }).status).toBe(404);
  });
});
