import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfferBatch } from '@gpubroker/provider-adapter/adapter';
import {
  connectAdapter,
  describeAdapter,
  describeRenting,
  routes,
  type StubAnswer,
  type StubHandler,
} from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { VultrAdapter } from './vultr.adapter';
import { gpuRegionsOf, vultrBatch, type VultrStock } from './vultr.rows';

/** A cloud plan of 2026. */
const plan = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 'vcg-l40s-16c-180g-48vram',
  vcpu_count: 16,
  ram: 184_320,
  disk: 1_200,
  disk_count: 1,
  bandwidth: 10_240,
  monthly_cost: 1_123,
  hourly_cost: 1.671,
  hourly_cost_preemptible: 1.671,
  type: 'vcg',
  locations: ['ewr'],
  gpu_brand: 'nvidia',
  gpu_type: 'NVIDIA_L40S',
  gpu_count: '1',
  gpu_vram_gb: 48,
  deploy_ondemand: true,
  deploy_preemptible: false,
  location_cost: {},
  ...changes,
});
/** A metal plan of 2025: only its id says what is in it. */
const metal = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 'vbm-256c-2048gb-8-mi300x-gpu',
  cpu_cores: 128,
  cpu_threads: 256,
  ram: 2_097_152,
  disk: 3_576,
  disk_count: 8,
  hourly_cost: 17.52,
  hourly_cost_preemptible: 14.72,
  type: 'NVMe',
  locations: ['ord'],
  ...changes,
});
const NO_STOCK: VultrStock = new Map();
const batchOf = (row: unknown, stock = NO_STOCK): OfferBatch => vultrBatch([row], stock);

describe('plans of Vultr', () => {
  it('are one offer on demand, with their memory in total and their disks added up', () => {
    expect(batchOf(plan({ disk_count: 2 })).offers).toMatchObject([
      {
        externalId: 'vcg-l40s-16c-180g-48vram|ewr|on_demand',
        gpuType: 'L40S',
        upstreamGpuName: 'NVIDIA_L40S',
        gpuCount: 1,
        gpuMemoryGb: 48,
        pricePerNodeHour: '1.671',
        currency: 'USD',
        pricing: 'on_demand',
        region: 'ewr',
        macroRegion: 'us',
        availability: 'unknown',
        cpuCores: 16,
        ramGb: 180,
        storageGb: 2_400,
        attributes: { monthly_cap: 1_123, gpu_memory_total_gb: 48 },
      },
    ]);
  });

  it('of metal are on demand and preemptible, counted by their id', () => {
    expect(batchOf(metal()).offers).toMatchObject([
      {
        gpuType: 'MI300X',
        gpuCount: 8,
        gpuMemoryGb: 192,
        pricing: 'on_demand',
        pricePerGpuHour: '2.19',
        cpuCores: 256,
      },
      { gpuType: 'MI300X', gpuCount: 8, pricing: 'spot', pricePerNodeHour: '14.72', pricePerGpuHour: '1.84' },
    ]);
  });

  it.each([
    [
      '"1/4"',
      plan({ id: 'vcg-a100-3c-30g-20vram', gpu_type: 'NVIDIA_A100', gpu_count: '1/4', gpu_vram_gb: 20 }),
      0.25,
      80,
    ],
    ['"1" against 4 GB', plan({ id: 'vcg-a100-1c-6g-4vram', gpu_type: 'NVIDIA_A100', gpu_vram_gb: 4 }), 0.05, 80],
    [
      'memory alone',
      plan({ id: 'vcg-a16-2c-8g-2vram', gpu_type: 'NVIDIA_A16', gpu_count: null, gpu_vram_gb: 2 }),
      0.125,
      16,
    ],
    [
      'an id alone',
      plan({ id: 'vcg-a16-96c-960g-256vram', gpu_type: null, gpu_count: null, gpu_vram_gb: null }),
      16,
      16,
    ],
    [
      'a number',
      metal({ gpu_type: 'NVIDIA_B200', gpu_count: 8, gpu_vram_gb: 1536, id: 'vbm-256c-3072gb-8-b200-gpu' }),
      8,
      180,
    ],
    [
      'a count for a card of no known size',
      metal({ gpu_type: 'AMD_MI325X', gpu_count: 8, gpu_vram_gb: 2048, id: 'vbm-8-mi325x-gpu' }),
      8,
      256,
    ],
    ['one superchip', metal({ id: 'vbm-72c-480gb-gh200-gpu' }), 1, 96],
  ])('have as many GPUs as %s says', (_what, row, gpuCount, gpuMemoryGb) => {
    expect(batchOf(row).offers[0]).toMatchObject({ gpuCount, gpuMemoryGb });
  });

  it.each([
    ['vbm-64c-2048gb-8-l40-gpu', null, 'L40S'],
    ['vbm-64c-2048gb-8-l40-gpu', 'NVIDIA_L40S', 'L40S'],
    ['vbm-112c-2048gb-8-h100-gpu', null, 'H100-SXM'],
    ['vbm-112c-2048gb-8-h100-gpu', 'NVIDIA_H100', 'H100-SXM'],
    ['vbm-112c-2048gb-8-a100-gpu', null, 'A100-80GB'],
    ['vbm-112c-2048gb-8-a100-gpu', 'NVIDIA_HGX_A100_SXM', 'A100-80GB-SXM'],
  ])('%s with gpu_type %p is %s', (id, gpu_type, gpuType) => {
    expect(batchOf(metal({ id, gpu_type })).offers[0]).toMatchObject({ gpuType, gpuCount: 8 });
  });

  it('cost what their region costs', () => {
    const row = plan({
      locations: ['ewr', 'sao'],
      location_cost: { sao: { hourly_cost: 2.5, monthly_cost: 1_680 }, blr: null },
    });
    expect(
      batchOf(row).offers.map(({ region, pricePerNodeHour, attributes }) => [
        region,
        pricePerNodeHour,
        attributes['monthly_cap'],
      ]),
    ).toEqual([
      ['ewr', '1.671', 1_123],
      ['sao', '2.5', 1_680],
    ]);
    expect(batchOf(plan({ location_cost: [] })).offers).toHaveLength(1);
  });

  it('that may only be deployed preemptibly show their on-demand price as not for sale', () => {
    expect(batchOf(metal({ deploy_ondemand: false, deploy_preemptible: true }))).toMatchObject({
      offers: [{ pricing: 'spot' }],
      rejected: [{ reason: 'not_for_sale', row: 'vbm-256c-2048gb-8-mi300x-gpu|on_demand' }],
    });
  });

  it('without flags are preemptible only below their on-demand price', () => {
    const pricings = (row: unknown) => batchOf(row).offers.map(({ pricing }) => pricing);
    const unflagged = { deploy_ondemand: undefined, deploy_preemptible: undefined };
    expect(pricings(plan(unflagged))).toEqual(['on_demand']);
    expect(pricings(plan({ ...unflagged, hourly_cost_preemptible: 0.9 }))).toEqual(['on_demand', 'spot']);
    expect(pricings(plan({ ...unflagged, hourly_cost_preemptible: '0' }))).toEqual(['on_demand']);
    expect(pricings(plan({ deploy_preemptible: true }))).toEqual(['on_demand', 'spot']);
  });

  it('are in stock where the region lists them', () => {
    const stock: VultrStock = new Map([['ewr', new Set(['vcg-l40s-16c-180g-48vram'])]]);
    expect(batchOf(plan(), stock).offers).toMatchObject([{ availability: 'available' }]);
    expect(batchOf(plan({ id: 'vcg-l40s-32c-375g-96vram' }), stock).offers).toMatchObject([
      { availability: 'unavailable' },
    ]);
    // The list holds no metal plan at all: it was not asked for them.
    expect(batchOf(metal({ locations: ['ewr'] }), stock).offers).toMatchObject([
      { availability: 'unknown' },
      { availability: 'unknown' },
    ]);
  });

  it('of a card that nobody knows are listed under its name', () => {
    expect(batchOf(plan({ gpu_type: 'NVIDIA_R100' })).offers).toMatchObject([{ gpuMatch: 'unknown', gpuCount: 1 }]);
  });

  it.each([
    ['a plan without GPU', plan({ id: 'vc2-2c-4gb', gpu_type: null, gpu_brand: 'none' }), 'no_gpu'],
    ['a plan with the GPU "none"', plan({ id: 'vbm-4c-32gb', gpu_type: 'none' }), 'no_gpu'],
    ['a plan sold nowhere', plan({ locations: [] }), 'not_for_sale'],
    ['a plan sold in no way', plan({ deploy_ondemand: false }), 'not_for_sale'],
    [
      'a card of two possible sizes',
      plan({ id: 'vcg-mi325x-252c-2872g-1536vram', gpu_type: null, gpu_count: null }),
      'missing_field',
    ],
    [
      'a count that is a word',
      plan({ id: 'vcg-x1-1c', gpu_type: 'NVIDIA_X1', gpu_count: 'many', gpu_vram_gb: 0 }),
      'missing_field',
    ],
    ['a price of zero', plan({ hourly_cost: 0 }), 'price_zero'],
    ['no price', plan({ hourly_cost: null }), 'price_missing'],
    ['a placeholder', plan({ hourly_cost: '9999' }), 'price_placeholder'],
    ['a plan without id', plan({ id: null }), 'malformed'],
    ['something else', 'plan', 'malformed'],
  ])('are rejected: %s', (_what, row, reason) => {
    expect(batchOf(row)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('are looked for in the regions of GPU plans only', () => {
    expect(
      gpuRegionsOf([
        plan({ locations: ['ord', 'ewr', 7] }),
        metal(),
        plan({ id: 'vc2-2c-4gb', gpu_type: null, locations: ['fra'] }),
        null,
      ]),
    ).toEqual(['ewr', 'ord']);
  });
});

const CREDENTIALS = { api_key: 'vultr-secret-1' };

const STOCK = { body: { available_plans: ['vcg-l40s-16c-180g-48vram'] } };

/** A cloud with one plan of each sort, and whatever else a test gives it. */
const cloudWith = (answers: Readonly<Record<string, StubAnswer | StubHandler>> = {}): StubHandler =>
  routes({
    'GET /plans': { body: { plans: [plan()], meta: { total: 1, links: { next: '', prev: '' } } } },
    'GET /plans-metal': { body: { plans_metal: [metal()] } },
    'GET /ssh-keys': { body: { ssh_keys: [{ id: 'key-1' }] } },
    'GET /regions/ewr/availability': STOCK,
    'GET /regions/ord/availability': STOCK,
    ...answers,
  });

describeAdapter(VultrAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'plans of both sorts on two pages',
      cloud: cloudWith({
        'GET /plans': ({ query }) =>
          query.get('cursor') === 'bmV4dA=='
            ? { body: { plans: [plan({ id: 'vcg-r100-1', gpu_type: 'NVIDIA_R100' })], meta: { links: { next: '' } } } }
            : {
                body: { plans: [plan(), plan({ id: 'vc2-1', gpu_type: null })], meta: { links: { next: 'bmV4dA==' } } },
              },
      }),
      offers: 4,
      unknownGpus: ['NVIDIA_R100'],
    },
    {
      name: 'no GPU at all',
      cloud: cloudWith({
        'GET /plans': () => ({ body: { plans: [7] } }),
        'GET /plans-metal': () => ({ body: { plans_metal: [] } }),
      }),
      offers: 0,
    },
  ],
});

const OFFER = 'vcg-l40s-16c-180g-48vram|ewr|on_demand';

describeRenting(VultrAdapter, {
  credentials: CREDENTIALS,
  check: {
    sends: { path: '/account', headers: { authorization: 'Bearer vultr-secret-1' } },
    works: { body: { account: {} } },
  },
  booking: {
    offer: OFFER,
    notOffers: ['vcg-l40s-16c-180g-48vram', 'vbm-112c-2048gb-8-h100-gpu|sea|spot'],
    cloud: (answer) => cloudWith({ 'POST /instances': answer }),
    requests: 2,
    refusals: [
      [{ status: 500, body: 'server create: out of stock' }, 'capacity'],
      [{ status: 400, body: { error: 'Invalid plan chosen.' } }, 'status_4xx'],
      [{ body: { instance: {} } }, 'malformed'],
    ],
  },
});

describe('VultrAdapter', () => {
  const to = connectAdapter(VultrAdapter);

  it('reads both lists and the stock of each region with GPU plans', async () => {
    to.cloud.use(cloudWith());
    const { offers } = await to.adapter.pull({ credentials: null });
    expect(to.cloud.requests.map(({ url }) => url).sort()).toEqual([
      '/plans-metal?per_page=500',
      '/plans?type=all&per_page=500',
      '/regions/ewr/availability',
      '/regions/ord/availability',
    ]);
    expect(offers.map(({ availability }) => availability)).toEqual(['available', 'unknown', 'unknown']);
  });

  it.each([[{ status: 401 }], [{ status: 404 }], [{ body: [] }], [{ body: 'maintenance' }]])(
    'keeps the prices, of unknown stock, when a region answers %j',
    async (answer) => {
      to.cloud.use(cloudWith({ 'GET /regions/ewr/availability': () => answer }));
      const { offers } = await to.adapter.pull({ credentials: null });
      expect(offers[0]).toMatchObject({ region: 'ewr', availability: 'unknown' });
    },
  );

  it('passes nothing on when the stock of a region fails', async () => {
    to.cloud.use(cloudWith({ 'GET /regions/ord/availability': () => ({ status: 500 }) }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'status_5xx' });
  });

  it('follows a cursor that comes as a link, on its own host', async () => {
    to.cloud.use(
      cloudWith({
        'GET /plans': ({ query }) => ({
          body: {
            plans: [],
            meta: { links: { next: query.has('cursor') ? null : 'https://elsewhere.example/v2/plans?cursor=abc%3D' } },
          },
        }),
      }),
    );
    await to.adapter.pull({ credentials: null });
    expect(to.cloud.requests[1]?.url).toBe('/plans?type=all&per_page=500&cursor=abc%3D');
  });

  it('takes cursors that go round for an incomplete list', async () => {
    to.cloud.use(cloudWith({ 'GET /plans': () => ({ body: { plans: [], meta: { links: { next: 'again' } } } }) }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('takes a metal list of another shape for malformed', async () => {
    to.cloud.use(cloudWith({ 'GET /plans-metal': () => ({ body: { plans: [] } }) }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'malformed' });
  });

  it.each([
    [OFFER, '/instances', { instance: { id: 'i-1' } }],
    ['vbm-112c-2048gb-8-h100-gpu|sea|on_demand', '/bare-metals', { bare_metal: { id: 'i-1' } }],
  ])('books %s at %s', async (offerId, path, body) => {
    to.cloud.use(cloudWith({ [`POST ${path}`]: () => ({ status: 202, body }) }));
    const booked = await to.adapter.bookInstance(offerId, 2, { credentials: CREDENTIALS, label: 'b-1' });
    expect(booked).toMatchObject({ instanceId: 'i-1', offerId, status: 'provisioning' });
    const [id, region] = offerId.split('|');
    expect(JSON.parse(to.cloud.requests.at(-1)?.body ?? '')).toMatchObject({
      plan: id,
      region,
      label: 'b-1',
      sshkey_id: ['key-1'],
    });
  });

  it('books nothing without the list of keys', async () => {
    to.cloud.use(() => ({ body: {} }));
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'malformed',
    });
  });

  it('ends a machine wherever it is, and is content when it is nowhere', async () => {
    to.cloud.use(cloudWith({ 'DELETE /instances/i-1': () => ({ status: 204, body: '' }) }));
    await to.adapter.terminate('i-1', { credentials: CREDENTIALS });
    expect(to.cloud.requests).toHaveLength(1);
    to.cloud.use(cloudWith({ 'DELETE /bare-metals/i-2': () => ({ status: 204, body: '' }) }));
    await to.adapter.terminate('i-2', { credentials: CREDENTIALS });
    expect(to.cloud.requests.map(({ path }) => path)).toEqual(['/instances/i-2', '/bare-metals/i-2']);
    to.cloud.use(() => ({ status: 404 }));
    await expect(to.adapter.terminate('i-3', { credentials: CREDENTIALS })).resolves.toBeUndefined();
    to.cloud.use(() => ({ status: 500 }));
    await expect(to.adapter.terminate('i-1', { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'status_5xx',
    });
  });
});

describeWithShared('recorded answers of Vultr', (shared) => {
  const read = (file: string): Record<string, unknown[]> =>
    JSON.parse(readFileSync(join(shared, 'data', 'upstreams', 'vultr', file), 'utf8')) as Record<string, unknown[]>;
  const recorded = (): OfferBatch =>
    vultrBatch(
      [...(read('1-plans.json')['plans'] ?? []), ...(read('2-plans-metal.json')['plans_metal'] ?? [])],
      NO_STOCK,
    );

  it.each([
    ['vcg-a100-1c-6g-4vram|ewr|on_demand', 'A100-80GB', 0.05, 80, '2.46', '0.123'],
    ['vcg-a100-12c-120g-80vram|ewr|on_demand', 'A100-80GB', 1, 80, '2.397', '2.397'],
    ['vcg-a40-24c-120g-48vram|blr|on_demand', 'A40', 1, 48, '1.712', '1.712'],
    ['vbm-256c-2048gb-8-mi300x-gpu|ord|on_demand', 'MI300X', 8, 192, '2.19', '17.52'],
    ['vbm-256c-2048gb-8-mi300x-gpu|ord|spot', 'MI300X', 8, 192, '1.84', '14.72'],
    ['vbm-112c-2048gb-8-h100-gpu|sea|on_demand', 'H100-SXM', 8, 80, '2.99', '23.92'],
    ['vbm-112c-2048gb-8-h100-gpu|sea|spot', 'H100-SXM', 8, 80, '2.3', '18.4'],
  ])('offer %s as %s × %d', (id, gpuType, gpuCount, gpuMemoryGb, perGpu, perNode) => {
    expect(recorded().offers.find(({ externalId }) => externalId === id)).toMatchObject({
      gpuType,
      gpuCount,
      gpuMemoryGb,
      pricePerGpuHour: perGpu,
      pricePerNodeHour: perNode,
      availability: 'unknown',
    });
  });

  it('hold no other offers, and neither the plan without GPU nor the one that is not for sale', () => {
    const { offers, rejected } = recorded();
    expect(offers).toHaveLength(7);
    expect(rejected).toMatchObject([
      { reason: 'no_gpu', row: 'vc2-2c-4gb' },
      { reason: 'not_for_sale', row: 'vcg-mi325x-252c-2872g-1536vram' },
    ]);
  });
});
