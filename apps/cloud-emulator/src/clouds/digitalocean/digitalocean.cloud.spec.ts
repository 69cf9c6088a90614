import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, type Asked } from '../../../test/ask';
import { microUsd } from '../../market/money';
import type { EmulatedCloud } from '../emulated-cloud';
import { digitaloceanCloud } from './digitalocean.cloud';

const KEY = 'emulator-key';
type Row = Readonly<Record<string, unknown>>;
interface Page {
  readonly sizes: Row[];
  readonly links: { readonly pages?: { readonly next: string; readonly last: string } };
  readonly meta: { readonly total: number };
}

const newCloud = (seed = 1) => digitaloceanCloud({ seed, speed: 1, now: () => 0 });
const send = (cloud: EmulatedCloud, path: string, asked: Asked = {}) => ask(cloud, path, { key: KEY, ...asked });
const page = (cloud: EmulatedCloud, query: Record<string, string> = { per_page: '200' }) =>
  send(cloud, '/v2/sizes', { query }).body as Page;
const size = (cloud: EmulatedCloud, slug: string) => page(cloud).sizes.find((row) => row['slug'] === slug);
const create = (cloud: EmulatedCloud, region: string, asked: Asked = {}, slug = 'gpu-mi325x8-2048gb') =>
  send(cloud, '/v2/droplets', { body: { name: 'b-1', region, size: slug, image: 'gpu-amd-base' }, ...asked });

describeWithShared('sizes beside a recorded answer', (shared) => {
  const recording = join(shared, 'data/upstreams/digitalocean/1-sizes.json');
  const recorded = (JSON.parse(readFileSync(recording, 'utf8')) as Page).sizes;

  it('are of the recorded shape and of the recorded sizes', () => {
    for (const row of recorded) {
      const { price_hourly: _hourly, price_monthly: _monthly, regions: _regions, ...same } = row;
      expect(size(newCloud(), String(row['slug']))).toMatchObject(same);
      expect(Object.keys(size(newCloud(), String(row['slug'])) ?? {}).sort()).toEqual(Object.keys(row).sort());
    }
  });
});

describe('DigitalOcean', () => {
  it.each([undefined, 'dop_v1_real'])('refuses the key %p', (key) => {
    expect(ask(newCloud(), '/v2/sizes', { key })).toMatchObject({ status: 401, body: { id: 'Unauthorized' } });
  });

  it('gives twenty sizes a page, links to the next, and a count of all', () => {
    const cloud = newCloud();
    const first = page(cloud, { per_page: '5' });
    expect(first.sizes).toHaveLength(5);
    expect(first.links.pages?.next).toBe('http://127.0.0.1:8190/cloud/v2/sizes?page=2&per_page=5');
    expect(first.meta.total).toBe(page(cloud).sizes.length);
    const last = page(cloud, { per_page: '5', page: '4' });
    expect(last.links).toEqual({});
    expect(page(cloud, {}).sizes.length).toBeLessThanOrEqual(20);
    expect(page(cloud, { per_page: '999' }).sizes).toHaveLength(first.meta.total);
  });

  it.each<Record<string, string>>([{ per_page: '0' }, { page: 'x' }])('refuses the page %j', (query) => {
    expect(send(newCloud(), '/v2/sizes', { query }).status).toBe(400);
  });

  it('prices a month at 744 hours', () => {
    expect(size(newCloud(), 'gpu-h100x1-80gb')).toMatchObject({ price_hourly: 4.41, price_monthly: 3281.04 });
  });

  it('keeps a size that no region has, as available and with no regions', () => {
    const cloud = newCloud();
    while (cloud.market.take('gpu-b300x8-2304gb-lc-spot mkc1', 1));
    expect(size(cloud, 'gpu-b300x8-2304gb-lc-spot')).toMatchObject({ available: true, regions: [] });
  });

  it('moves spot prices more than list prices', () => {
    const cloud = digitaloceanCloud({ seed: 1, speed: 100, now: () => 0 });
    const seen = { spot: new Set<unknown>(), list: new Set<unknown>() };
    for (let hour = 0; hour < 72; hour += 1) {
      seen.spot.add(size(cloud, 'gpu-mi350x8-2304gb-spot')?.['price_hourly']);
      seen.list.add(size(cloud, 'gpu-h200x8-1128gb')?.['price_hourly']);
      for (let step = 0; step < 60; step += 1) cloud.market.step();
    }
    expect(seen.spot.size).toBeGreaterThan(5);
    expect(seen.list.size).toBeLessThan(seen.spot.size);
  });

  it('creates and destroys a droplet', () => {
    const cloud = newCloud();
    cloud.market.pin('gpu-mi325x8-2048gb nyc2', microUsd('30.4'));
    const region = (size(cloud, 'gpu-mi325x8-2048gb')?.['regions'] as string[])[0] ?? '';
    const free = cloud.market.quote(`gpu-mi325x8-2048gb ${region}`)?.free ?? 0;
    const created = create(cloud, region);
    const { droplet } = created.body as { droplet: { id: number } };
    expect(created).toMatchObject({ status: 202, body: { droplet: { name: 'b-1', region: { slug: region } } } });
    expect(send(cloud, '/v2/droplets').body).toMatchObject({ droplets: [{ id: droplet.id }], meta: { total: 1 } });
    expect(cloud.market.quote(`gpu-mi325x8-2048gb ${region}`)?.free).toBe(free - 1);
    const path = `/v2/droplets/${droplet.id}`;
    expect(send(cloud, path, { method: 'DELETE', key: 'emulator-other' }).status).toBe(404);
    expect(send(cloud, path, { method: 'DELETE' })).toMatchObject({ status: 204, body: '' });
    expect(send(cloud, path, { method: 'DELETE' }).status).toBe(404);
    expect(cloud.market.quote(`gpu-mi325x8-2048gb ${region}`)?.free).toBe(free);
  });

  it('creates nothing in a region without the size, under a name that is none, or when sold out', () => {
    const cloud = newCloud();
    expect(create(cloud, 'mars1')).toMatchObject({
      status: 422,
      body: { message: 'Size is not available in this region.' },
    });
    expect(
      send(cloud, '/v2/droplets', { body: { name: 'no good', region: 'nyc2', size: 'x', image: 'y' } }).status,
    ).toBe(422);
    expect(create(cloud, 'nyc2', { soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('no capacity') as unknown,
    });
  });

  it('allows 250 requests a minute', () => {
    const cloud = newCloud();
    const answers = Array.from({ length: 251 }, () => send(cloud, '/v2/account').status);
    expect(answers[249]).toBe(200);
    expect(answers[250]).toBe(429);
  });

  it('has an account and keys, and nothing elsewhere', () => {
    expect(send(newCloud(), '/v2/account').status).toBe(200);
    expect(send(newCloud(), '/v2/account/keys').body).toMatchObject({ ssh_keys: [{ id: 512_190 }] });
    expect(send(newCloud(), '/v2/volumes').status).toBe(404);
  });
});
