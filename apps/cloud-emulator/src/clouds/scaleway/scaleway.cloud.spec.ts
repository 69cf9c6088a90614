import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { request, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { scalewayCloud } from './scaleway.cloud';

type Row = Record<string, unknown>;
interface Product extends Row {
  product: string;
  locality: { zone: string };
  price: { retail_price: { currency_code: string; units: number; nanos: number } };
  unit_of_measure: { unit: string };
}

const CATALOG = '/product-catalog/v2alpha1/public-catalog/products';
const ZONE = '/instance/v1/zones/fr-par-1';
const newCloud = () => scalewayCloud({ seed: 1, speed: 1, now: Date.now });

/** The key stands in a header of its own. */
function send(cloud: EmulatedCloud, path: string, asked: Asked = {}) {
  const { key = 'emulator-key', ...rest } = asked;
  const reply = cloud.answer({ ...request(path, rest), headers: key === '' ? {} : { 'x-auth-token': key } });
  const isJson = reply.contentType === 'application/json';
  return { status: reply.status, body: (isJson ? JSON.parse(reply.body) : reply.body) as unknown };
}
const products = (cloud: EmulatedCloud, query: Record<string, string> = {}): Product[] =>
  (send(cloud, CATALOG, { key: '', query }).body as { products: Product[] }).products;
const types = (
  cloud: EmulatedCloud,
  path = `${ZONE}/products/servers`,
  query: Record<string, string> = {},
): Record<string, Row> => (send(cloud, path, { query }).body as { servers: Record<string, Row> }).servers;
const machine = (changes: object = {}) => ({
  name: 'run 1',
  commercial_type: 'RENDER-S',
  image: '11111111-2222-4333-8444-555555555555',
  project: 'emulator-project',
  dynamic_ip_required: true,
  ...changes,
});

describeWithShared('Scaleway beside recorded answers', (shared) => {
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(join(shared, 'data', 'upstreams', 'scaleway', file), 'utf8'));

  it('has the recorded prices, units and cards in the catalogue before anything moved', () => {
    const recorded = (read('3-product-catalog.json') as { products: Product[] }).products;
    const emulated = products(newCloud(), { page_size: '100' });
    for (const one of recorded.filter(({ product }) => /^(?:L4|RENDER|PRO2)/.test(product))) {
      const same = emulated.find(({ product, locality }) => product === one.product && locality.zone === 'fr-par-1');
      expect({ product: one.product, price: same?.price, unit: same?.unit_of_measure }).toEqual({
        product: one.product,
        price: one.price,
        unit: one.unit_of_measure,
      });
    }
  });

  it('has the recorded types of a zone', () => {
    const recorded = (read('1-servers.json') as { servers: Record<string, Row> }).servers;
    for (const [name, row] of Object.entries(types(newCloud()))) {
      for (const member of ['ncpus', 'ram', 'gpu', 'gpu_info', 'hourly_price', 'end_of_service', 'mig_profile']) {
        expect({ name, [member]: row[member] }).toEqual({ name, [member]: recorded[name]?.[member] });
      }
    }
  });
});

describe('Scaleway lists', () => {
  it('are public in the catalogue and come in pages', () => {
    const cloud = newCloud();
    expect(send(cloud, CATALOG, { key: '' }).body).toMatchObject({ total_count: 12 });
    expect(products(cloud, { page: '2', page_size: '10' })).toHaveLength(2);
    expect(products(cloud, { page: '3', page_size: '10' })).toEqual([]);
    expect(products(cloud, { page: 'x', page_size: '-1' })).toHaveLength(12);
    expect(Object.keys(types(cloud, `${ZONE}/products/servers`, { page: '2', per_page: '4' }))).toHaveLength(2);
  });

  it('write a price per minute for one type and per hour for another', () => {
    const units = new Set(products(newCloud()).map(({ unit_of_measure: { unit } }) => unit));
    expect(units).toEqual(new Set(['minute', 'hour']));
  });

  it('say the same price in both lists after it moved', () => {
    const cloud = newCloud();
    for (let step = 0; step < 100_000; step += 1) cloud.market.step();
    const hourly = types(cloud)['L4-8-24G']?.['hourly_price'];
    const { retail_price: price } = products(cloud).find(({ product }) => product === 'L4-8-24G')!.price;
    expect(hourly).not.toBe(6.3);
    expect(((price.units * 1e9 + price.nanos) * 60) / 1e9).toBeCloseTo(Number(hourly), 6);
  });

  it('use three words for stock', () => {
    const cloud = newCloud();
    const words = new Set<unknown>();
    for (let hour = 0; hour < 300; hour += 1) {
      const stock = types(cloud, `${ZONE}/products/servers/availability`);
      for (const { availability } of Object.values(stock)) if (availability !== undefined) words.add(availability);
      for (let step = 0; step < 60; step += 1) cloud.market.step();
    }
    expect(words).toEqual(new Set(['available', 'scarce', 'shortage']));
  });
});

describe('Scaleway booking', () => {
  const make = (cloud: EmulatedCloud): string =>
    (send(cloud, `${ZONE}/servers`, { body: machine() }).body as { server: { id: string } }).server.id;
  const act = (cloud: EmulatedCloud, id: string, action: string, key?: string) =>
    send(cloud, `${ZONE}/servers/${id}/action`, { body: { action }, ...(key !== undefined && { key }) }).status;

  it('makes a machine that stands still, starts it and terminates it', () => {
    const cloud = newCloud();
    const id = make(cloud);
    expect(act(cloud, id, 'terminate')).toBe(400);
    expect(act(cloud, id, 'poweron')).toBe(202);
    expect(send(cloud, `${ZONE}/servers`).body).toMatchObject({ servers: [{ id }] });
    expect(send(cloud, `${ZONE}/servers/${id}`, { method: 'DELETE' }).status).toBe(400);
    expect(act(cloud, id, 'terminate', 'emulator-other')).toBe(404);
    expect(act(cloud, id, 'explode')).toBe(400);
    expect(act(cloud, id, 'terminate')).toBe(202);
    expect(act(cloud, id, 'terminate')).toBe(404);
  });

  it('deletes a machine that stands still', () => {
    const cloud = newCloud();
    const id = make(cloud);
    expect(send(cloud, `${ZONE}/servers/${id}`, { method: 'DELETE' }).status).toBe(200);
    expect(send(cloud, `${ZONE}/servers/${id}`, { method: 'DELETE' }).status).toBe(404);
  });

  it('runs out', () => {
    const cloud = newCloud();
    const statuses = Array.from({ length: 7 }, () => send(cloud, `${ZONE}/servers`, { body: machine() }).status);
    expect(statuses.at(-1)).toBe(503);
  });

  it.each([
    ['another type', { commercial_type: 'H100-1-80G' }],
    ['an image that is no id', { image: 'ubuntu' }],
  ])('refuses %s', (_what, changes) => {
    expect(send(newCloud(), `${ZONE}/servers`, { body: machine(changes) }).status).toBe(400);
  });

  it('fails as HTTP 500 with a text when nothing is left', () => {
    expect(send(newCloud(), `${ZONE}/servers`, { body: machine(), soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('out of stock') as string,
    });
  });

  it('finds an image by its label', () => {
    const images = (label: string) =>
      send(newCloud(), '/marketplace/v2/local-images', { key: '', query: { image_label: label, zone: 'fr-par-1' } })
        .body;
    expect(images('ubuntu_jammy_gpu_os_12')).toMatchObject({ total_count: 1 });
    expect(images('windows')).toEqual({ local_images: [], total_count: 0 });
  });
});

describe('Scaleway requests that cannot be answered', () => {
  it.each(['', 'real-key'])('are 401 with the key "%s"', (key) => {
    expect(send(newCloud(), `${ZONE}/products/servers`, { key }).status).toBe(401);
  });

  it.each(['/instance/v1/zones/us-east-1/servers', `${ZONE}/volumes`, '/iam/v1alpha1/users'])(
    'are 404 at %s',
    (path) => {
      expect(send(newCloud(), path).status).toBe(404);
    },
  );
});
