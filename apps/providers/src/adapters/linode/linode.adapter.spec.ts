import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfferBatch } from '@gpubroker/provider-adapter/adapter';
import {
  connectAdapter,
  describeAdapter,
  describeRenting,
  routes,
  type StubAnswer,
} from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { LinodeAdapter } from './linode.adapter';
import { linodeGpuName } from './linode.gpu-name';
import { linodeBatch, linodePage } from './linode.rows';

/** A plan. Memory and disk are in MB of 1,024; there is no field for the card or its memory. */
const type = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 'g1-gpu-rtx6000-3',
  label: 'Dedicated 96GB + RTX6000 GPU x3',
  price: { hourly: 4.5, monthly: 3_000 },
  region_prices: [],
  memory: 98_304,
  disk: 1_966_080,
  transfer: 20_000,
  vcpus: 20,
  gpus: 3,
  network_out: 10_000,
  class: 'gpu',
  successor: null,
  ...changes,
});
const there = (region: string, available: unknown = true, plan = 'g1-gpu-rtx6000-3') => ({ region, plan, available });

describe('linodeGpuName', () => {
  it.each([
    ['g1-gpu-rtx6000-1', 'Dedicated 32GB + RTX6000 GPU x1', 'Quadro RTX 6000'],
    ['g2-gpu-rtx4000a1-s', 'RTX4000 Ada x1 Small', 'RTX4000 Ada'],
    ['g2-gpu-rtx4000a4-m', null, 'RTX4000 Ada'],
    ['g1-gpu-rtx4000a-1', null, 'RTX4000 Ada'],
    ['g1-gpu-rtx6000-4', null, 'Quadro RTX 6000'],
    ['g3-gpu-rtxpro6000-blackwell-1', 'RTX PRO 6000 Blackwell x1', 'RTX PRO 6000 Blackwell'],
    ['g3-gpu-rtxpro6000-blackwell-1', null, 'rtxpro6000-blackwell'],
    ['g6-nanode-1', 'Nanode 1GB', null],
  ])('reads %s, %p as %p', (id, label, name) => {
    expect(linodeGpuName(id, label)).toBe(name);
  });
});

describe('rows of Linode', () => {
  it('makes one offer per region, of three GPUs where the plan has three', () => {
    const { offers } = linodeBatch([type()], [there('us-southeast'), there('us-west', false), there('ap-south', null)]);
    expect(offers.map(({ region, availability }) => [region, availability])).toEqual([
      ['us-southeast', 'available'],
      ['us-west', 'unavailable'],
      ['ap-south', 'unknown'],
    ]);
    expect(offers[0]).toMatchObject({
      externalId: 'g1-gpu-rtx6000-3|us-southeast',
      gpuType: 'QUADRO-RTX-6000',
      gpuMemoryGb: 24,
      gpuCount: 3,
      pricePerGpuHour: '1.5',
      pricePerNodeHour: '4.5',
      currency: 'USD',
      cpuCores: 20,
      ramGb: 96,
      storageGb: 1_920,
      attributes: { price_per_month_at_most: 3_000, egress_included_gb_per_month: 20_000 },
    });
  });

  it('takes the price of the region where it has its own', () => {
    const { offers } = linodeBatch(
      [type({ region_prices: [{ id: 'br-gru', hourly: 6.3, monthly: 4_200 }, null] })],
      [there('br-gru'), there('us-west')],
    );
    expect(offers.map(({ pricePerNodeHour }) => pricePerNodeHour)).toEqual(['6.3', '4.5']);
  });

  it('lists a plan of which no region speaks, without saying that it is there', () => {
    expect(linodeBatch([type()], []).offers).toMatchObject([{ region: 'global', availability: 'unknown' }]);
  });

  it('holds back stock that has no price, and says of what', () => {
    const { offers, rejected } = linodeBatch(
      [],
      [
        there('us-ord', true, 'g1-gpu-rtx4000a-1'),
        there('us-iad', false, 'g1-gpu-rtx4000a-1'),
        there('us-ord', true, 'g6-nanode-1'),
      ],
    );
    expect(offers).toEqual([]);
    expect(rejected).toMatchObject([
      {
        reason: 'price_missing',
        row: 'g1-gpu-rtx4000a-1|us-ord',
        detail: expect.stringContaining('In stock') as string,
      },
      { reason: 'price_missing', row: 'g1-gpu-rtx4000a-1|us-iad' },
    ]);
  });

  it('counts an entry once that stands on two pages', () => {
    expect(linodeBatch([type()], [there('us-west'), there('us-west')])).toMatchObject({ offers: [{}], rejected: [] });
  });

  it.each([
    ['no GPU', type({ id: 'g6-nanode-1', label: 'Nanode 1GB', gpus: 0 }), 'no_gpu'],
    ['half a GPU', type({ gpus: 0.5 }), 'out_of_range'],
    ['a GPU that nothing names', type({ id: 'g9-x', label: null }), 'missing_field'],
    ['no price', type({ price: null }), 'price_missing'],
    ['no hourly price', type({ price: { hourly: null, monthly: 1_000 } }), 'price_missing'],
    ['a price of 0', type({ price: { hourly: 0, monthly: 0 } }), 'price_zero'],
    ['a placeholder', type({ price: { hourly: 9_999, monthly: 0 } }), 'price_placeholder'],
    ['no id', type({ id: null }), 'malformed'],
    ['nothing', null, 'malformed'],
  ])('rejects a plan with %s', (_what, row, reason) => {
    expect(linodeBatch([row], [])).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('rejects an entry of stock without a region', () => {
    expect(linodeBatch([type()], [{ plan: 'x' }]).rejected).toMatchObject([
      { reason: 'malformed', row: 'availability 0' },
    ]);
  });

  it('lists a card nobody knows under its name', () => {
    expect(linodeBatch([type({ label: 'R100 x3 Large' })], []).offers).toMatchObject([
      { gpuType: 'R100', gpuMatch: 'unknown', upstreamGpuName: 'R100 x3 Large' },
    ]);
  });
});

const CREDENTIALS = { api_key: 'linode-secret-key-1' };
const lists =
  (types: unknown[], availability: unknown[]) =>
  ({ path }: { path: string }) => {
    const data = path.endsWith('/availability') ? availability : types;
    return { body: { data, page: 1, pages: 1, results: data.length } };
  };

describeAdapter(LinodeAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'plans and stock',
      cloud: lists([type(), type({ id: 'g9-gpu-r100-1', label: 'R100' }), 7], [there('us-west'), there('us-ord')]),
      offers: 3,
      unknownGpus: ['R100'],
    },
  ],
});

const OFFER = 'g1-gpu-rtx6000-3|us-southeast';

/** An account, and the answer to the call that makes a machine. */
const account = (answer: StubAnswer) =>
  routes({ 'GET /v4/profile': { body: { username: 'renter' } }, 'POST /v4/linode/instances': answer });

describeRenting(LinodeAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { path: '/v4/profile' } },
  booking: {
    offer: OFFER,
    // A plan of no known region is nowhere.
    notOffers: ['g1-gpu-rtx6000-3|global', 'g1-gpu-rtx6000-3'],
    cloud: account,
    requests: 2,
    refusals: [
      [{ status: 400, body: { errors: [{ reason: 'This region is out of capacity' }] } }, 'capacity'],
      [{ body: {} }, 'malformed'],
    ],
  },
  termination: { instance: '123', sends: { method: 'DELETE', path: '/v4/linode/instances/123' } },
});

describe('LinodeAdapter', () => {
  const to = connectAdapter(LinodeAdapter);

  it('follows the pages of both lists to the last one', async () => {
    const stock = Array.from({ length: 7 }, (_, index) => there(`r-${index}`));
    to.cloud.use(({ path, query }) => {
      const all = path.endsWith('/availability') ? stock : [type()];
      const from = (Number(query.get('page')) - 1) * 3;
      return { body: { data: all.slice(from, from + 3), page: 1, pages: 3, results: all.length } };
    });
    expect((await to.adapter.pull({ credentials: null })).offers).toHaveLength(7);
    expect(to.cloud.requests.map(({ path, query }) => [path, query.get('page')])).toEqual([
      ['/v4/linode/types', '1'],
      ['/v4/regions/availability', '1'],
      ['/v4/regions/availability', '2'],
      ['/v4/regions/availability', '3'],
    ]);
  });

  it('gives nothing when the stock cannot be read to its end', async () => {
    to.cloud.use(({ path }) => ({
      body: path.endsWith('/availability')
        ? { data: [there('us-west')], page: 1, pages: 5, results: 486 }
        : { data: [type()], page: 1, pages: 1, results: 1 },
    }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('books the plan in its region, for the keys of the account', async () => {
    to.cloud.use(account({ body: { id: 123, status: 'booting' } }));
    expect(await to.adapter.bookInstance(OFFER, 2, { credentials: CREDENTIALS, label: 'b-1' })).toMatchObject({
      instanceId: '123',
      status: 'provisioning',
    });
    expect(JSON.parse(to.cloud.requests.at(-1)?.body ?? '')).toEqual({
      type: 'g1-gpu-rtx6000-3',
      region: 'us-southeast',
      image: 'linode/ubuntu24.04',
      authorized_users: ['renter'],
      root_pass: expect.stringMatching(/^\S{43}$/) as string,
      label: 'b-1',
    });
  });

  it('books nothing when the account has no user name', async () => {
    to.cloud.use(() => ({ body: {} }));
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'malformed',
    });
    expect(to.cloud.requests).toHaveLength(1);
  });
});

describeWithShared('recorded answers of Linode', (shared) => {
  const rows = (file: string): unknown[] => {
    const text = readFileSync(join(shared, 'data', 'upstreams', 'linode', file), 'utf8');
    return linodePage.parse(JSON.parse(text)).data;
  };
  const batch = (): OfferBatch =>
    linodeBatch(rows('1-types.json'), [
      ...rows('2-regions-availability-page1.json'),
      ...rows('3-regions-availability-page3.json'),
    ]);

  it.each([
    ['g1-gpu-rtx6000-1|us-southeast', 1, '1.5', 'available'],
    ['g1-gpu-rtx6000-1|ap-south', 1, '1.5', 'available'],
    ['g1-gpu-rtx6000-3|us-southeast', 3, '4.5', 'available'],
    ['g1-gpu-rtx6000-4|us-southeast', 4, '6', 'unavailable'],
    ['g1-gpu-rtx6000-4|ap-south', 4, '6', 'available'],
    ['g1-gpu-rtx6000-1|us-west', 1, '1.5', 'unavailable'],
  ])('reads %s', (id, gpuCount, pricePerNodeHour, availability) => {
    expect(batch().offers.find(({ externalId }) => externalId === id)).toMatchObject({
      gpuType: 'QUADRO-RTX-6000',
      gpuMemoryGb: 24,
      gpuCount,
      pricePerGpuHour: '1.5',
      pricePerNodeHour,
      pricing: 'on_demand',
      availability,
    });
  });

  it('keeps the stock of cards without a price, and offers none', () => {
    const { offers, rejected } = batch();
    expect(offers.filter(({ gpuType }) => gpuType !== 'QUADRO-RTX-6000')).toEqual([]);
    const held = rejected.filter(({ reason, detail }) => reason === 'price_missing' && detail.startsWith('In stock'));
    expect(new Set(held.map(({ row }) => row.split('|')[1]))).toEqual(new Set(['us-ord', 'fr-par', 'us-sea']));
  });

  it('rejects every plan without a GPU', () => {
    expect(batch().rejected.filter(({ reason }) => reason === 'no_gpu')).toHaveLength(33);
  });
});
