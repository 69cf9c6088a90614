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
import { DigitaloceanAdapter } from './digitalocean.adapter';
import { digitaloceanBatch } from './digitalocean.rows';

/** A size as the list has it. */
const size = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  slug: 'gpu-h100x8-640gb',
  memory: 1966080,
  vcpus: 160,
  disk: 2046,
  transfer: 60,
  price_monthly: 17796.48,
  price_hourly: 23.92,
  regions: ['nyc1'],
  available: true,
  description: 'H100 GPU - 8X',
  gpu_info: { count: 8, vram: { amount: 640, unit: 'gib' }, model: 'nvidia_h100' },
  disk_info: [
    { type: 'local', size: { amount: 2046, unit: 'gib' } },
    { type: 'scratch', size: { amount: 40, unit: 'tib' } },
  ],
  ...changes,
});
const gpu = (model: string, count: number, amount: number | null) => ({ count, model, vram: { amount, unit: 'gib' } });
const batchOf = (...rows: unknown[]): OfferBatch => digitaloceanBatch(rows, null);

describe('sizes of DigitalOcean', () => {
  it('give memory and price of the whole node', () => {
    expect(batchOf(size()).offers).toMatchObject([
      {
        externalId: 'gpu-h100x8-640gb|nyc1|on_demand',
        gpuType: 'H100-SXM',
        upstreamGpuName: 'nvidia_h100',
        gpuCount: 8,
        gpuMemoryGb: 80,
        pricePerNodeHour: '23.92',
        pricePerGpuHour: '2.99',
        region: 'nyc1',
        macroRegion: 'us',
        availability: 'available',
        cpuCores: 160,
        ramGb: 1920,
        storageGb: 2046 + 40 * 1024,
        attributes: { boot_disk_gb: 2046, scratch_disk_gb: 40960, transfer_tb_per_month: 60 },
      },
    ]);
  });

  it.each([
    ['nvidia_rtx4000_ada', 1, 20, 'RTX-4000-ADA', 20],
    ['nvidia_rtx6000_ada', 1, 48, 'RTX-6000-ADA', 48],
    ['nvidia_l40s', 1, 48, 'L40S', 48],
    ['nvidia_h200', 8, 1128, 'H200-SXM', 141],
    ['nvidia_b300', 8, 2304, 'B300', 288],
    ['amd_mi300x', 8, 1536, 'MI300X', 192],
    ['amd_mi325x', 8, 2048, 'MI325X', 256],
    ['amd_mi350x', 1, 288, 'MI350X', 288],
    ['amd_mi355x', 1, null, 'MI355X', 288],
  ])('name %s × %d with %p GiB the %s', (model, count, amount, gpuType, gpuMemoryGb) => {
    const { offers } = batchOf(size({ gpu_info: gpu(model, count, amount) }));
    expect(offers).toMatchObject([{ gpuType, gpuCount: count, gpuMemoryGb }]);
  });

  it.each(['gpu-b300x1-288gb-spot', 'gpu-b300x1-288gb-lc-spot'])('called %s are spot', (slug) => {
    expect(batchOf(size({ slug })).offers).toMatchObject([{ pricing: 'spot' }]);
  });

  it('are sold out where no region has them, whatever "available" says', () => {
    expect(batchOf(size({ regions: [] })).offers).toMatchObject([
      { externalId: 'gpu-h100x8-640gb|none|on_demand', region: 'global', availability: 'unavailable' },
    ]);
    expect(batchOf(size({ regions: null })).offers).toMatchObject([{ availability: 'unavailable' }]);
    expect(batchOf(size({ available: false })).offers).toMatchObject([{ region: 'nyc1', availability: 'unavailable' }]);
  });

  it('are priced without the noise of a short float, and as they are otherwise', () => {
    const prices = [23.920000076293945, 1.234567, '2.5'].map(
      (price_hourly) => batchOf(size({ price_hourly })).offers[0],
    );
    expect(prices.map((offer) => offer?.pricePerNodeHour)).toEqual(['23.92', '1.234567', '2.5']);
  });

  it('keep their price when sizes and disks are missing', () => {
    const { offers } = batchOf(size({ memory: 'big', vcpus: null, disk: 100, disk_info: null, transfer: null }));
    expect(offers).toMatchObject([{ pricePerGpuHour: '2.99', ramGb: null, cpuCores: null, storageGb: 100 }]);
    expect(batchOf(size({ disk: null, disk_info: [null] })).offers).toMatchObject([{ storageGb: null }]);
  });

  it('of GPU slugs with unusual memory are marked, not dropped', () => {
    const { offers } = batchOf(size({ gpu_info: gpu('nvidia_h100', 1, 40) }));
    expect(offers).toMatchObject([{ gpuMemoryGb: 40, attributes: { gpu_memory_unusual: true } }]);
  });

  it.each([
    ['a size without GPU', size({ gpu_info: undefined }), 'no_gpu'],
    ['no GPUs', size({ gpu_info: gpu('nvidia_h100', 0, 0) }), 'no_gpu'],
    ['an H100 on a basic droplet', size({ slug: 's-1vcpu-1gb', gpu_info: gpu('nvidia_h100', 1, 25) }), 'malformed'],
    ['a size under contract', size({ slug: 'gpu-h100x8-640gb-contracted' }), 'unsupported_product'],
    ['a price of zero', size({ price_hourly: 0 }), 'price_zero'],
    ['no price', size({ price_hourly: null }), 'price_missing'],
    ['a placeholder', size({ price_hourly: 99999 }), 'price_placeholder'],
    ['a size without slug', size({ slug: '' }), 'malformed'],
    ['something else', null, 'malformed'],
  ])('are rejected: %s', (_what, row, reason) => {
    expect(batchOf(row)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('that did not come are counted', () => {
    expect(digitaloceanBatch([size()], 147).rejected).toEqual([
      { reason: 'missing_field', row: 'meta.total', detail: 'The cloud counts 147 sizes and sent 1.' },
    ]);
    expect(digitaloceanBatch([size()], 1).rejected).toEqual([]);
  });
});

const CREDENTIALS = { api_key: 'do-secret-1' };

describeAdapter(DigitaloceanAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'two pages',
      cloud: ({ query }) =>
        query.get('page') === '2'
          ? {
              body: {
                sizes: [size({ slug: 'gpu-r100x1', gpu_info: gpu('nvidia_r100', 1, 288) })],
                links: {},
                meta: { total: 3 },
              },
            }
          : {
              body: {
                sizes: [size(), size({ slug: 's-1vcpu-1gb', gpu_info: undefined })],
                links: { pages: { next: 'https://api.digitalocean.com/v2/sizes?page=2&per_page=200' } },
                meta: { total: 3 },
              },
            },
      offers: 2,
      unknownGpus: ['nvidia_r100'],
    },
    { name: 'an answer without links', cloud: () => ({ body: { sizes: [size({ price_hourly: 0 })] } }), offers: 0 },
  ],
});

const OFFER = 'gpu-mi300x8-1536gb|nyc1|on_demand';

/** An account with these SSH keys, and the answer to the call that makes a droplet. */
const account = (answer: StubAnswer, ...keys: number[]) =>
  routes({
    'GET /v2/account/keys': { body: { ssh_keys: keys.map((id) => ({ id })) } },
    'POST /v2/droplets': answer,
  });

describeRenting(DigitaloceanAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { path: '/v2/account' }, works: { body: { account: {} } } },
  booking: {
    offer: OFFER,
    notOffers: ['gpu-h100x8-640gb', 's-1vcpu-1gb|nyc1|on_demand'],
    cloud: (answer) => account(answer),
    requests: 2,
    refusals: [
      [{ status: 500, body: 'droplet create: no capacity for this size' }, 'capacity'],
      [{ status: 422, body: { message: 'Name is invalid' } }, 'status_4xx'],
      [{ body: { droplet: {} } }, 'malformed'],
    ],
  },
  termination: { instance: '77', sends: { method: 'DELETE', path: '/v2/droplets/77' } },
});

describe('DigitaloceanAdapter', () => {
  const to = connectAdapter(DigitaloceanAdapter);

  const pageTo = (next: string) => () => ({ body: { sizes: [], links: { pages: { next } } } });

  it('reads every page, and shows its key to its own host only', async () => {
    to.cloud.use(({ query }) => {
      const page = Number(query.get('page') ?? 1);
      const next = page < 3 ? `https://elsewhere.example/v2/sizes?page=${page + 1}` : null;
      return { body: { sizes: [size({ slug: `gpu-${page}` })], links: { pages: { next } } } };
    });
    const { offers } = await to.adapter.pull({ credentials: CREDENTIALS });
    expect(offers).toHaveLength(3);
    expect(to.cloud.requests.map(({ url }) => url)).toEqual([
      '/v2/sizes?per_page=200',
      '/v2/sizes?page=2',
      '/v2/sizes?page=3',
    ]);
    expect(to.cloud.requests.every(({ headers }) => headers.authorization === 'Bearer do-secret-1')).toBe(true);
  });

  it('takes pages that go round for an incomplete list', async () => {
    to.cloud.use(pageTo('/v2/sizes?page=2'));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('takes a next page that is no link for a malformed answer', async () => {
    to.cloud.use(pageTo('http://'));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'malformed' });
  });

  it.each([
    ['gpu-mi300x8-1536gb|nyc1|on_demand', 'gpu-amd-base'],
    ['gpu-h100x8-640gb|nyc1|on_demand', 'gpu-h100x8-base'],
    ['gpu-l40sx1-48gb|tor1|on_demand', 'gpu-h100x1-base'],
    ['gpu-mi350x1-288gb-spot|ric1|spot', 'gpu-amd-base'],
  ])('books %s with the image %s and all keys of the account', async (offerId, image) => {
    to.cloud.use(account({ status: 202, body: { droplet: { id: 77 } } }, 1, 2));
    const booked = await to.adapter.bookInstance(offerId, 2, { credentials: CREDENTIALS, label: 'booking #1' });
    expect(booked).toMatchObject({ instanceId: '77', offerId, durationHours: 2, status: 'provisioning' });
    const [slug, region] = offerId.split('|');
    expect(JSON.parse(to.cloud.requests[1]?.body ?? '')).toEqual({
      name: 'booking-1',
      region,
      size: slug,
      image,
      ssh_keys: [1, 2],
      tags: ['gpubroker'],
    });
  });

  it('names a droplet without a usable label itself', async () => {
    to.cloud.use(account({ body: { droplet: { id: 78 } } }));
    await to.adapter.bookInstance(OFFER, 2, { credentials: CREDENTIALS, label: '##' });
    expect(JSON.parse(to.cloud.requests[1]?.body ?? '')).toMatchObject({ name: 'gpubroker', ssh_keys: [] });
  });

  it('books nothing without the list of keys', async () => {
    to.cloud.use(() => ({ body: {} }));
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'malformed',
    });
  });

  it('has no capacity for an offer that no region had', async () => {
    to.cloud.use(() => ({ body: {} }));
    await expect(
      to.adapter.bookInstance('gpu-h100x1-80gb|none|on_demand', 1, { credentials: CREDENTIALS }),
    ).rejects.toMatchObject({ reason: 'capacity' });
    expect(to.cloud.requests).toEqual([]);
  });
});

describeWithShared('recorded answers of DigitalOcean', (shared) => {
  const recorded = (file: string): OfferBatch => {
    const text = readFileSync(join(shared, 'data', 'upstreams', 'digitalocean', file), 'utf8');
    const { sizes, meta } = JSON.parse(text) as { sizes: unknown[]; meta: { total: number } };
    return digitaloceanBatch(sizes, meta.total);
  };

  it.each([
    ['1-sizes.json', 'gpu-h100x8-640gb', 'H100-SXM', 8, 80, '2.99', '23.92', 'nyc1'],
    ['1-sizes.json', 'gpu-mi300x8-1536gb', 'MI300X', 8, 192, '1.99', '15.92', 'nyc1'],
    ['2-sizes-godo.json', 'gpu-h100x8-640gb-200', 'H100-SXM', 8, 80, '6.5875', '52.7', 'tor1'],
  ])('%s: offer %s as %s × %d', (file, slug, gpuType, gpuCount, gpuMemoryGb, perGpu, perNode, region) => {
    const offers = recorded(file).offers.filter(({ externalId }) => externalId.startsWith(`${slug}|`));
    expect(offers).toMatchObject([
      {
        gpuType,
        gpuCount,
        gpuMemoryGb,
        pricePerGpuHour: perGpu,
        pricePerNodeHour: perNode,
        region,
        availability: 'available',
      },
    ]);
  });

  it('reject droplets without GPU, and say how many sizes were left out', () => {
    expect(recorded('1-sizes.json').rejected).toMatchObject([
      { reason: 'no_gpu', row: 's-1vcpu-512mb-10gb' },
      { reason: 'missing_field', detail: 'The cloud counts 147 sizes and sent 3.' },
    ]);
    expect(recorded('2-sizes-godo.json').rejected).toMatchObject([{ row: 's-1vcpu-1gb' }, { row: '512mb' }]);
  });

  it('make no offer of the example that contradicts itself', () => {
    expect(recorded('3-sizes-docs-example.json')).toMatchObject({
      offers: [],
      rejected: [{ reason: 'malformed', row: 's-1vcpu-1gb' }, { reason: 'missing_field' }],
    });
  });
});
