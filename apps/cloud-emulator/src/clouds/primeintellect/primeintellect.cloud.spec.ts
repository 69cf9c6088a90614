import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { primeintellectCloud } from './primeintellect.cloud';

type Item = Record<string, unknown> & {
  cloudId: string;
  prices: { onDemand: number | null; communityPrice: number | null };
};
interface Page {
  items: Item[];
  totalCount: number;
}

const LIST = '/api/v1/availability/gpus';
const newCloud = () => primeintellectCloud({ seed: 1, speed: 1, now: Date.now });
const send = (cloud: EmulatedCloud, path: string, asked: Asked = {}) =>
  ask(cloud, path, { key: 'emulator-key', ...asked });
const page = (cloud: EmulatedCloud, query: Record<string, string> = {}): Page =>
  send(cloud, LIST, { query }).body as Page;
const all = (cloud: EmulatedCloud): Item[] => page(cloud, { page_size: '100' }).items;

const pod = (changes: object = {}) => ({
  pod: {
    name: 'run 1',
    cloudId: 'n3-A100x4',
    gpuType: 'A100_80GB',
    gpuCount: 4,
    image: 'ubuntu_22_cuda_12',
    socket: 'PCIe',
    dataCenterId: 'CANADA-1',
    country: 'CA',
    security: 'secure_cloud',
    ...changes,
  },
  provider: { type: 'hyperstack' },
});

describeWithShared('Prime Intellect beside recorded answers', (shared) => {
  const recorded = (): Item[] => {
    const read = (file: string): unknown =>
      JSON.parse(readFileSync(join(shared, 'data', 'upstreams', 'primeintellect', file), 'utf8'));
    const grouped = read('1-availability-2025-01-grouped.json') as Record<string, Item[]>;
    return [...Object.values(grouped).flat(), ...(read('2-availability-gpus-2025-11.json') as Page).items];
  };

  it('has every member of a recorded row', () => {
    const members = Object.keys(recorded().at(-1)!);
    expect(Object.keys(all(newCloud())[0]!)).toEqual(expect.arrayContaining(members));
  });

  it('lists recorded configurations at their recorded prices before anything moved', () => {
    const rows = recorded();
    const compared = all(newCloud()).filter(({ provider }) => provider !== 'datacrunch' && provider !== 'nebius');
    for (const item of compared) {
      const same = rows.filter((row) =>
        ['cloudId', 'provider', 'gpuCount', 'security', 'dataCenter'].every((name) => row[name] === item[name]),
      );
      const price = ({ prices }: Item) => (prices.onDemand ?? prices.communityPrice ?? 0).toFixed(4);
      expect({ item, prices: same.map(price) }).toEqual({
        item,
        prices: expect.arrayContaining([price(item)]) as string[],
      });
      expect(same.map(({ gpuMemory }) => gpuMemory)).toContain(item['gpuMemory']);
    }
  });
});

describe('Prime Intellect availability', () => {
  it('comes in pages with the total of the query', () => {
    const cloud = newCloud();
    const first = page(cloud);
    expect(first.items).toHaveLength(20);
    const second = page(cloud, { page: '2' });
    expect(first.items.length + second.items.length).toBe(first.totalCount);
    expect(page(cloud, { page: '9' })).toEqual({ items: [], totalCount: first.totalCount });
    expect(page(cloud, { gpu_type: 'A40_48GB', gpu_count: '6' })).toMatchObject({
      items: [{ provider: 'runpod' }],
      totalCount: 1,
    });
  });

  it('has nulls where a price, a place or a disk is not told', () => {
    const items = all(newCloud());
    expect(items.some(({ prices }) => prices.onDemand === null)).toBe(true);
    expect(items.some(({ dataCenter }) => dataCenter === null)).toBe(true);
    expect(items.some(({ disk }) => (disk as { defaultCount: unknown }).defaultCount === null)).toBe(true);
    expect(items.some(({ isSpot }) => isSpot === true)).toBe(true);
    expect(items.find(({ prepaidTime }) => prepaidTime !== null)).toMatchObject({ prices: { currency: 'EUR' } });
  });

  it('uses every word for stock, and moves', () => {
    const cloud = newCloud();
    const words = new Set<unknown>();
    const prices = new Set<unknown>();
    for (let hour = 0; hour < 200; hour += 1) {
      const items = all(cloud);
      for (const { stockStatus } of items) words.add(stockStatus);
      prices.add(items.find(({ isSpot }) => isSpot === true)?.prices.onDemand);
      for (let step = 0; step < 60; step += 1) cloud.market.step();
    }
    expect(words).toEqual(new Set(['Available', 'High', 'Medium', 'Low', 'Unavailable']));
    expect(prices.size).toBeGreaterThan(5);
  });

  it('is summed up with a pseudo-region among the regions', () => {
    const summary = send(newCloud(), '/api/v1/availability/gpu-summary').body;
    expect(summary).toMatchObject({
      H100_80GB: {
        1: { cheapest: { onDemand: 2.4068, spotPrice: 1.157 }, canada: { onDemand: 2.4068, spotPrice: null } },
      },
    });
  });

  it.each<Record<string, string>>([{ page: '0' }, { page: 'x' }, { page_size: '0' }])('refuses %j', (query) => {
    expect(send(newCloud(), LIST, { query }).status).toBe(422);
  });
});

describe('Prime Intellect booking', () => {
  it('makes a pod and takes it back', () => {
    const cloud = newCloud();
    const { status, body } = send(cloud, '/api/v1/pods/', { body: pod() });
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'PROVISIONING', priceHr: 5.4 } });
    const { id } = body as { id: string };
    expect(send(cloud, `/api/v1/pods/${id}`, { method: 'DELETE', key: 'emulator-other' }).status).toBe(404);
    expect(send(cloud, `/api/v1/pods/${id}`, { method: 'DELETE' }).status).toBe(200);
    expect(send(cloud, `/api/v1/pods/${id}`, { method: 'DELETE' }).status).toBe(404);
  });

  it('runs out', () => {
    const cloud = newCloud();
    const statuses = Array.from({ length: 8 }, () => send(cloud, '/api/v1/pods/', { body: pod() }).status);
    expect(statuses.at(-1)).toBe(400);
  });

  it.each([
    ['another place', { dataCenterId: 'FRA2' }, 404],
    ['another cloud id', { cloudId: 'x' }, 404],
    ['no GPU', { gpuCount: 0 }, 422],
  ])('refuses %s', (_what, changes, status) => {
    expect(send(newCloud(), '/api/v1/pods/', { body: pod(changes) }).status).toBe(status);
  });

  it('fails as HTTP 500 with a text when nothing is left', () => {
    expect(send(newCloud(), '/api/v1/pods/', { body: pod(), soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('no capacity') as string,
    });
  });
});

describe('Prime Intellect requests that cannot be answered', () => {
  it('are 401 without a key of the emulator', () => {
    expect(ask(newCloud(), LIST).status).toBe(401);
    expect(ask(newCloud(), LIST, { key: 'real' }).status).toBe(401);
    expect(send(newCloud(), '/api/v1/user/whoami').status).toBe(200);
  });

  it('are 404 elsewhere', () => {
    expect(send(newCloud(), '/api/v1/wallet').status).toBe(404);
  });
});
