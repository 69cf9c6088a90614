import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidBookingError, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import {
  connectAdapter,
  describeAdapter,
  describeRenting,
  routes,
  type StubAnswer,
  type StubRequest,
} from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { HyperstackAdapter } from './hyperstack.adapter';
import { hyperstackBatch, pricebookAnswer } from './hyperstack.rows';

const GPU = 'H100-80G-PCIe';

const flavor = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 89,
  name: 'n3-H100x8',
  cpu: 252,
  ram: 1_440,
  disk: 100,
  ephemeral: 6_500,
  gpu: GPU,
  gpu_count: 8,
  region_name: 'CANADA-1',
  stock_available: null,
  ...changes,
});
const group = (...flavors: unknown[]) => ({ gpu: GPU, region_name: 'CANADA-1', flavors });
const price = (name = GPU, changes: Record<string, unknown> = {}) => ({
  id: 1,
  name,
  value: '1.9000000',
  original_value: '1.9000000',
  discount_applied: false,
  start_time: null,
  end_time: null,
  ...changes,
});
const stock = (changes: Record<string, unknown> = {}, region = 'CANADA-1') => ({
  region,
  'stock-type': 'GPU',
  models: [{ model: GPU, available: '10+', planned_7_days: '0', planned_30_days: '16', ...changes }],
});
const batchOf = (flavors: unknown[], pricebook: unknown[] = [price()], stocks: unknown[] = []): OfferBatch =>
  hyperstackBatch({ flavors, pricebook, stocks });

describe('rows of Hyperstack', () => {
  it('prices a flavor at its GPUs times the price of the book', () => {
    expect(batchOf([group(flavor())])).toMatchObject({
      rejected: [],
      offers: [
        {
          externalId: 'n3-H100x8|CANADA-1|on_demand',
          gpuType: 'H100-PCIE',
          gpuMemoryGb: 80,
          gpuCount: 8,
          pricePerGpuHour: '1.9',
          pricePerNodeHour: '15.2',
          currency: 'USD',
          pricing: 'on_demand',
          region: 'canada-1',
          availability: 'unknown',
          cpuCores: 252,
          ramGb: 1_440,
          storageGb: 6_600,
          attributes: { root_disk_gb: 100, ephemeral_disk_gb: 6_500, price_includes: ['gpu', 'cpu', 'ram', 'disk'] },
        },
      ],
    });
  });

  it('takes a bridge for a bridge, and not for the NVL card', () => {
    const bridged = `${GPU}-NVLink`;
    const { offers } = batchOf([group(flavor({ gpu: bridged }))], [price(bridged, { value: '1.95' })]);
    expect(offers).toMatchObject([
      { gpuType: 'H100-PCIE', pricePerNodeHour: '15.6', upstreamGpuName: bridged, attributes: { nvlink: true } },
    ]);
  });

  it('reads spot from the name of the GPU, at its own price', () => {
    const { offers } = batchOf(
      [group(flavor(), flavor({ name: 'n3-H100x8-spot', gpu: `${GPU}-spot` }))],
      [price(), price(`${GPU}-spot`, { value: 1.52 })],
    );
    expect(offers.map(({ pricing, gpuType, pricePerGpuHour }) => [pricing, gpuType, pricePerGpuHour])).toEqual([
      ['on_demand', 'H100-PCIE', '1.9'],
      ['spot', 'H100-PCIE', '1.52'],
    ]);
  });

  it('charges the discounted price and remembers the other', () => {
    const discounted = price(GPU, { value: '1.5', discount_applied: true, end_time: '2026-12-31T00:00:00' });
    expect(batchOf([group(flavor())], [discounted]).offers).toMatchObject([
      {
        pricePerGpuHour: '1.5',
        attributes: { list_price_per_gpu_hour: '1.9000000', discount_until: '2026-12-31T00:00:00' },
      },
    ]);
  });

  it('makes two offers of one flavor in two regions', () => {
    const { offers } = batchOf([
      group(flavor()),
      { gpu: GPU, region_name: 'US-1', flavors: [flavor({ region_name: null, ram: 960 })] },
    ]);
    expect(offers.map(({ region, ramGb }) => [region, ramGb])).toEqual([
      ['canada-1', 1_440],
      ['us-1', 960],
    ]);
  });

  it.each([
    ['the flavor says no', { stock_available: false }, stock(), 'unavailable'],
    ['the flavor says yes', { stock_available: true }, stock(), 'available'],
    [
      'no machine of this size is left',
      { stock_available: true },
      stock({ configurations: { '8x': 0, '1x': 9 } }),
      'unavailable',
    ],
    ['machines of this size are left', {}, stock({ configurations: { '8x': 2 } }), 'available'],
    ['there are more cards than it says', {}, stock({ available: '10+' }), 'available'],
    ['there are fewer cards', {}, stock({ available: '4' }), 'unavailable'],
    ['there is none', {}, stock({ available: 0 }), 'unavailable'],
    ['it is in words', {}, stock({ available: 'plenty' }), 'unknown'],
    ['it is of another region', {}, stock({}, 'NORWAY-1'), 'unknown'],
    ['it is no list', {}, { region: 'CANADA-1', models: [7] }, 'unknown'],
  ])('reads stock where %s', (_what, changes, stocks, availability) => {
    expect(batchOf([group(flavor(changes))], [price()], [stocks]).offers).toMatchObject([{ availability }]);
  });

  it.each([
    ['no GPU', flavor({ gpu: '', gpu_count: 0 }), price(), 'no_gpu'],
    ['half a GPU', flavor({ gpu_count: 0.5 }), price(), 'out_of_range'],
    ['no price', flavor(), price(GPU, { value: null }), 'price_missing'],
    ['a price of 0', flavor(), price(GPU, { value: '0' }), 'price_zero'],
    ['a placeholder', flavor(), price(GPU, { value: '9999' }), 'price_placeholder'],
    ['a price in words', flavor(), price(GPU, { value: 'ask' }), 'malformed'],
    ['no name', flavor({ name: null }), price(), 'malformed'],
  ])('rejects a flavor with %s', (_what, one, item, reason) => {
    const batch = batchOf([group(one)], [item]);
    expect(batch.offers).toEqual([]);
    expect(batch.rejected[0]).toMatchObject({ reason });
  });

  it('makes no offer of a flavor without a price, of a price without a flavor, or of neither', () => {
    const batch = batchOf(
      [group(flavor()), 7, { flavors: [flavor({ region_name: null })] }],
      [price('RTX-A4000'), price('public-ip'), {}],
    );
    expect(batch.offers).toEqual([]);
    expect(batch.rejected.map(({ reason, row }) => [reason, row])).toEqual([
      ['malformed', 'price 2'],
      ['price_missing', 'n3-H100x8|CANADA-1|on_demand'],
      ['malformed', 'group 1'],
      ['missing_field', 'n3-H100x8|'],
      ['unsupported_product', 'RTX-A4000'],
      ['unsupported_product', 'public-ip'],
    ]);
  });

  it('does not know the disk of a flavor that tells none', () => {
    expect(batchOf([group(flavor({ disk: null, ephemeral: null }))]).offers).toMatchObject([{ storageGb: null }]);
  });
});

const CREDENTIALS = { api_key: 'hs-secret-key-1' };
const cloudOf =
  (flavors: unknown[], pricebook: unknown[]) =>
  ({ path }: StubRequest) => {
    if (path.endsWith('/flavors')) return { body: { status: true, data: flavors } };
    return { body: path.endsWith('/stocks') ? { status: true, stocks: [stock()] } : pricebook };
  };

describeAdapter(HyperstackAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'three lists',
      cloud: cloudOf(
        [group(flavor(), flavor({ name: 'n4-R100x1', gpu: 'R100', gpu_count: 1 }), flavor({ gpu_count: 0 }))],
        [price(), price('R100')],
      ),
      offers: 2,
      unknownGpus: ['R100'],
    },
  ],
});

const OFFER = 'n3-H100x8|CANADA-1|on_demand';

/** An account with two environments and a key in one of them, and the answer to the call that makes a machine. */
const account = (answer: StubAnswer) =>
  routes({
    'GET /core/environments': {
      body: {
        environments: [
          { name: 'north', region: 'NORWAY-1' },
          { name: 'prod', region: 'CANADA-1' },
        ],
      },
    },
    'GET /core/keypairs': { body: { keypairs: [{ name: 'other' }, { name: 'mine', environment: { name: 'prod' } }] } },
    'POST /core/virtual-machines': answer,
  });

describeRenting(HyperstackAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { path: '/core/environments' } },
  booking: {
    offer: OFFER,
    notOffers: ['n3-H100x8'],
    cloud: account,
    requests: 3,
    refusals: [
      [{ status: 400, body: { message: 'Not enough resources available: insufficient resources' } }, 'capacity'],
      [{ body: { instances: [] } }, 'malformed'],
    ],
  },
  termination: { instance: '77', sends: { method: 'DELETE', path: '/core/virtual-machines/77' } },
});

describe('HyperstackAdapter', () => {
  const to = connectAdapter(HyperstackAdapter);

  it('asks the three lists with the key in its own header', async () => {
    to.cloud.use(cloudOf([group(flavor())], [price()]));
    expect(await to.adapter.getOffers(CREDENTIALS.api_key)).toHaveLength(1);
    expect(to.cloud.requests.map(({ path, headers }) => [path, headers['api_key']])).toEqual(
      ['/core/flavors', '/core/stocks', '/pricebook'].map((path) => [path, CREDENTIALS.api_key]),
    );
  });

  it.each(['/core/stocks', '/pricebook'])('gives nothing when %s has another shape', async (broken) => {
    to.cloud.use((request) =>
      request.path === broken ? { body: { status: false } } : cloudOf([group(flavor())], [price()])(request),
    );
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'malformed' });
  });

  it('books the flavor in the account’s environment of its region, with a key of it', async () => {
    to.cloud.use(account({ body: { status: true, instances: [{ id: 77 }] } }));
    expect(await to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS, label: 'b-1' })).toMatchObject({
      instanceId: '77',
      status: 'provisioning',
    });
    expect(JSON.parse(to.cloud.requests.at(-1)?.body ?? '')).toEqual({
      name: 'b-1',
      environment_name: 'prod',
      image_name: 'Ubuntu Server 22.04 LTS R535 CUDA 12.2',
      flavor_name: 'n3-H100x8',
      key_name: 'mine',
      count: 1,
      assign_floating_ip: true,
    });
  });

  it.each([
    ['an account without an environment there', 'n3-H100x8|US-1|on_demand'],
    ['an environment without a key', 'n3-RTX-A4000x1|NORWAY-1|on_demand'],
  ])('books nothing for %s', async (_what, offerId) => {
    to.cloud.use(account({ body: {} }));
    await expect(to.adapter.bookInstance(offerId, 1, { credentials: CREDENTIALS })).rejects.toThrow(
      InvalidBookingError,
    );
    expect(to.cloud.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it.each(['/core/environments', '/core/keypairs'])('books nothing when %s has another shape', async (broken) => {
    to.cloud.use(({ path }) =>
      path === broken ? { body: {} } : { body: { environments: [{ name: 'prod', region: 'CANADA-1' }] } },
    );
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'malformed',
    });
  });
});

describeWithShared('recorded data of Hyperstack', (shared) => {
  const folder = join(shared, 'data', 'upstreams', 'hyperstack');

  /** A collector made the file from flavors and price book; this takes it apart again. */
  const batch = (): OfferBatch => {
    const lines = readFileSync(join(folder, '2-skypilot-vms.csv'), 'utf8').trim().split('\n').slice(1);
    const rows = lines.map((line) => {
      const [name = '', gpu = '', count = '', cpu = '', ram = ''] = line.split(',');
      const [total = '', region = ''] = line.split(',').slice(-3);
      return {
        name,
        gpu,
        gpu_count: Number(count),
        cpu: Number(cpu),
        ram: Number(ram),
        total: Number(total),
        region_name: region,
      };
    });
    return hyperstackBatch({
      flavors: rows.map((row) => ({ gpu: row.gpu, region_name: row.region_name, flavors: [row] })),
      stocks: [],
      pricebook: rows.map(({ gpu, gpu_count: count, total }) => ({ name: gpu, value: (total / count).toFixed(4) })),
    });
  };

  it('makes an offer of every flavor', () => {
    expect(batch().rejected).toEqual([]);
    expect(batch().offers).toHaveLength(25);
    expect(new Set(batch().offers.map(({ availability }) => availability))).toEqual(new Set(['unknown']));
  });

  it.each([
    ['n3-A100x1|CANADA-1', 'A100-80GB-PCIE', 1, 80, '1.35', '1.35', 120],
    ['n3-A100x8-NVLink|CANADA-1', 'A100-80GB-PCIE', 8, 80, '1.4', '11.2', 1_920],
    ['n3-H100x8-NVLink|CANADA-1', 'H100-PCIE', 8, 80, '1.95', '15.6', 1_440],
    ['n3-H100-SXM5x8|CANADA-1', 'H100-SXM', 8, 80, '2.4', '19.2', 1_800],
    ['n3-H100-SXM5x8|US-1', 'H100-SXM', 8, 80, '2.4', '19.2', 960],
    ['n3-RTX-A4000x10|NORWAY-1', 'RTX-A4000', 10, 16, '0.15', '1.5', 215],
    ['n3-L40x1|CANADA-1', 'L40', 1, 48, '1', '1', 58],
  ])('reads %s', (id, gpuType, gpuCount, gpuMemoryGb, pricePerGpuHour, pricePerNodeHour, ramGb) => {
    expect(batch().offers.find(({ externalId }) => externalId === `${id}|on_demand`)).toMatchObject({
      gpuType,
      gpuCount,
      gpuMemoryGb,
      pricePerGpuHour,
      pricePerNodeHour,
      ramGb,
    });
  });

  it('makes no offer of a price without a flavor', () => {
    const pricebook = pricebookAnswer.parse(JSON.parse(readFileSync(join(folder, '1-pricebook-docs.json'), 'utf8')));
    expect(hyperstackBatch({ flavors: [], stocks: [], pricebook })).toMatchObject({
      offers: [],
      rejected: [{ reason: 'unsupported_product', row: 'RTX-A4000' }],
    });
  });
});
