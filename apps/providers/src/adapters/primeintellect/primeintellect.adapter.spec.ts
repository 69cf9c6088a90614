import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { connectAdapter, describeAdapter, describeRenting } from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { PrimeintellectAdapter } from './primeintellect.adapter';
import { availabilityPage, groupedRows, summaryAnswer } from './primeintellect.answers';
import { primeintellectBatch } from './primeintellect.rows';
import { primeintellectSummaryBatch } from './primeintellect.summary';

const part = (changes: Record<string, unknown> = {}) => ({
  minCount: null,
  defaultCount: null,
  maxCount: null,
  pricePerUnit: null,
  step: null,
  defaultIncludedInPrice: null,
  additionalInfo: null,
  ...changes,
});

/** An item of the availability list. gpuMemory is the total of the configuration. */
const row = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  cloudId: 'n3-A100x4',
  gpuType: 'A100_80GB',
  socket: 'PCIe',
  provider: 'hyperstack',
  region: 'canada',
  dataCenter: 'CANADA-1',
  country: 'CA',
  gpuCount: 4,
  gpuMemory: 320,
  disk: part({ defaultCount: 3_200, maxCount: 100_000, pricePerUnit: 0.000097, defaultIncludedInPrice: true }),
  vcpu: part({ defaultCount: 124 }),
  memory: part({ defaultCount: 480 }),
  stockStatus: 'Available',
  security: 'secure_cloud',
  prices: { onDemand: 5.4, communityPrice: null, isVariable: null, currency: 'USD' },
  isSpot: null,
  prepaidTime: null,
  ...changes,
});
const prices = (changes: Record<string, unknown>) => ({
  prices: { onDemand: null, communityPrice: null, isVariable: null, currency: 'USD', ...changes },
});
const batchOf = (...rows: unknown[]): OfferBatch => primeintellectBatch(rows);

describe('rows of Prime Intellect', () => {
  it('reads price and memory of the whole configuration', () => {
    expect(batchOf(row()).offers).toMatchObject([
      {
        externalId: 'hyperstack|n3-A100x4|A100_80GB|PCIe|4|CANADA-1|CA|secure_cloud|on_demand',
        gpuType: 'A100-80GB-PCIE',
        gpuCount: 4,
        gpuMemoryGb: 80,
        pricePerNodeHour: '5.4',
        pricePerGpuHour: '1.35',
        region: 'ca-canada-1',
        availability: 'available',
        cpuCores: 124,
        ramGb: 480,
        storageGb: 3_200,
        attributes: { upstream_cloud: 'hyperstack', price_includes: ['gpu', 'cpu', 'ram', 'disk'] },
      },
    ]);
  });

  it('reads memory per GPU where a total would be of no such card', () => {
    expect(batchOf(row({ gpuMemory: 80 })).offers).toMatchObject([{ gpuMemoryGb: 80, gpuType: 'A100-80GB-PCIE' }]);
  });

  it('takes a community price for a price, and null not for 0', () => {
    const { offers } = batchOf(row({ security: 'community_cloud', ...prices({ communityPrice: 2.8499999999999996 }) }));
    expect(offers).toMatchObject([{ pricePerNodeHour: '2.85', attributes: { cloud: 'community_cloud' } }]);
  });

  it('reads numbers that come as text, a number for an id, and words in other letters', () => {
    const { offers } = batchOf(
      row({
        cloudId: 77,
        gpuCount: '4',
        gpuMemory: '320',
        security: 'COMMUNITY_CLOUD',
        stockStatus: 'LOW',
        ...prices({ onDemand: '9', communityPrice: '4', currency: 'usd' }),
      }),
    );
    expect(offers).toMatchObject([
      { gpuCount: 4, gpuMemoryGb: 80, pricePerNodeHour: '4', currency: 'USD', availability: 'limited' },
    ]);
  });

  it('takes a node without GPU for no offer, though one GPU is counted', () => {
    expect(batchOf(row({ gpuType: 'CPU_NODE', gpuCount: 1, gpuMemory: 0 }))).toMatchObject({
      offers: [],
      rejected: [{ reason: 'no_gpu' }],
    });
  });

  it('reads the older list row by row', () => {
    const rows = groupedRows({ A100_80GB: [row(), { cloudId: 'x' }], H100_80GB: [], totalCount: 2 });
    expect(batchOf(...(rows ?? []))).toMatchObject({ offers: [{ gpuCount: 4 }], rejected: [{ reason: 'malformed' }] });
    expect([groupedRows({}), groupedRows({ error: ['gone'] })]).toEqual([null, null]);
  });

  it.each(['', 'ask'])('takes %p for no price, and loses no other row by it', (onDemand) => {
    const extra = part({ defaultCount: 8, pricePerUnit: 0.01, defaultIncludedInPrice: false });
    const { offers, rejected } = batchOf(row({ cloudId: 'bad', vcpu: extra, ...prices({ onDemand }) }), row());
    expect(offers).toMatchObject([{ pricePerNodeHour: '5.4' }]);
    expect(rejected).toMatchObject([{ reason: onDemand === '' ? 'price_missing' : 'malformed' }]);
  });

  it('keeps a price in euro a price in euro', () => {
    expect(batchOf(row(prices({ onDemand: 5, currency: 'EUR' }))).offers).toMatchObject([
      { currency: 'EUR', pricePerNodeHour: '5' },
    ]);
  });

  it.each([
    [true, 'spot'],
    [false, 'on_demand'],
    [null, 'on_demand'],
  ])('reads isSpot %p as %s', (isSpot, pricing) => {
    expect(batchOf(row({ isSpot })).offers).toMatchObject([{ pricing }]);
  });

  it.each([
    ['Available', 'available'],
    ['High', 'available'],
    ['Medium', 'available'],
    ['Low', 'limited'],
    ['Unavailable', 'unavailable'],
    ['Plenty', 'unknown'],
    [null, 'unknown'],
  ])('takes the stock word %p for %s', (stockStatus, availability) => {
    expect(batchOf(row({ stockStatus })).offers).toMatchObject([{ availability }]);
  });

  it('shows what the default size costs on top where the price is of the GPU alone', () => {
    const { offers } = batchOf(
      row({
        provider: 'tensordock',
        gpuCount: 1,
        gpuMemory: 80,
        disk: part({ defaultCount: 260, pricePerUnit: 0.0005, defaultIncludedInPrice: false }),
        vcpu: part({ defaultCount: 26, pricePerUnit: 0.005, defaultIncludedInPrice: false }),
        memory: part({ defaultCount: 100, pricePerUnit: 0.002, defaultIncludedInPrice: false }),
        ...prices({ onDemand: 1 }),
      }),
    );
    expect(offers).toMatchObject([
      {
        pricePerNodeHour: '1',
        attributes: {
          price_includes: ['gpu'],
          price_excludes: ['cpu', 'ram', 'disk'],
          price_with_default_size: '1.46',
        },
      },
    ]);
  });

  it('does not count the disk of a RunPod row twice', () => {
    const disk = part({ defaultCount: 120, pricePerUnit: 0.00014, defaultIncludedInPrice: false });
    const [offer] = batchOf(row({ provider: 'runpod', disk })).offers;
    expect(offer?.attributes).toMatchObject({ price_includes: ['gpu', 'cpu', 'ram', 'disk'] });
    expect(offer?.attributes).not.toHaveProperty('price_with_default_size');
  });

  it('says how many hours have to be paid ahead', () => {
    expect(batchOf(row({ prepaidTime: 24 })).offers).toMatchObject([{ attributes: { minimum_prepaid_hours: 24 } }]);
  });

  it.each([
    ['A100_80GB', 'SXM5', 'A100-80GB-SXM', true],
    ['A100_80GB', 'SXM4', 'A100-80GB-SXM', undefined],
    ['H100_80GB', 'SXM5', 'H100-SXM', undefined],
    ['H100_80GB', null, 'H100', undefined],
  ])('reads %s in socket %p as %s', (gpuType, socket, canonical, unusual) => {
    const [offer] = batchOf(row({ gpuType, socket })).offers;
    expect(offer?.gpuType).toBe(canonical);
    expect(offer?.attributes['socket_unusual']).toBe(unusual);
  });

  it.each([
    ['us-east1-a', 'US', 'us-east1-a', 'us'],
    ['FRA2', 'DE', 'de-fra2', 'eu'],
    [null, 'CZ', 'cz', 'eu'],
    ['US-KS-2', null, 'us-ks-2', 'us'],
  ])('puts data centre %p in %p into region %s', (dataCenter, country, region, macroRegion) => {
    expect(batchOf(row({ dataCenter, country, region: null })).offers).toMatchObject([{ region, macroRegion }]);
  });

  it.each([
    [null, 'global'],
    ['eu_north', 'eu-north'],
    ['united_states', 'us'],
  ])('falls back on the region %p', (region, code) => {
    expect(batchOf(row({ dataCenter: null, country: null, region })).offers).toMatchObject([{ region: code }]);
  });

  it.each([
    ['no price', row(prices({})), 'price_missing'],
    ['no prices at all', row({ prices: null }), 'price_missing'],
    ['a price of 0', row(prices({ onDemand: 0 })), 'price_zero'],
    ['a placeholder', row(prices({ onDemand: 9_999 })), 'price_placeholder'],
    ['no GPU', row({ gpuType: 'CPU_NODE', gpuCount: 0 }), 'no_gpu'],
    ['half a GPU', row({ gpuCount: 1.5 }), 'out_of_range'],
    ['no cloud id', row({ cloudId: null }), 'malformed'],
    ['nothing', null, 'malformed'],
  ])('rejects a row with %s', (_what, one, reason) => {
    expect(batchOf(one)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('lists a card nobody knows under its name', () => {
    expect(batchOf(row({ gpuType: 'R100_288GB', gpuMemory: null })).offers).toMatchObject([
      { gpuType: 'R100_288GB', gpuMatch: 'unknown', gpuMemoryGb: null },
    ]);
  });

  it('reads of the summary the regions only, on demand and spot as different offers', () => {
    const { offers } = primeintellectSummaryBatch({
      H100_80GB: {
        1: {
          cheapest: { onDemand: 1.9, communityPrice: null, spotPrice: 1.157 },
          canada: { onDemand: 1.9, communityPrice: null, spotPrice: null },
          eu_north: { onDemand: 2.0540999999999996, communityPrice: 1.8, spotPrice: 1.157 },
        },
      },
    });
    expect(
      offers.map(({ region, pricing, pricePerNodeHour, gpuType }) => [region, pricing, pricePerNodeHour, gpuType]),
    ).toEqual([
      ['canada', 'on_demand', '1.9', 'H100'],
      ['eu-north', 'on_demand', '2.0541', 'H100'],
      ['eu-north', 'on_demand', '1.8', 'H100'],
      ['eu-north', 'spot', '1.157', 'H100'],
    ]);
  });
});

const CREDENTIALS = { api_key: 'pi-secret-key-1' };

describeAdapter(PrimeintellectAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'one page',
      cloud: () => ({ body: { items: [row(), row({ gpuType: 'R100_288GB', gpuMemory: null }), 7], totalCount: 3 } }),
      offers: 2,
      unknownGpus: ['R100_288GB'],
    },
    { name: 'an answer in groups', cloud: () => ({ body: { A100_80GB: [row()] } }), offers: 1 },
  ],
});

const OFFER = 'hyperstack|n3-A100x4|A100_80GB|PCIe|4|CANADA-1|CA|secure_cloud|on_demand';

describeRenting(PrimeintellectAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { path: '/api/v1/user/whoami' } },
  booking: {
    offer: OFFER,
    // An offer of the summary names no machine.
    notOffers: ['summary|H100_80GB|1|canada|secure_cloud|on_demand', 'n3-A100x4'],
    refusals: [
      [{ status: 500, body: 'No capacity left' }, 'capacity'],
      [{ status: 422, body: {} }, 'status_4xx'],
      [{ body: {} }, 'malformed'],
    ],
  },
  termination: { instance: 'pod-1', sends: { method: 'DELETE', path: '/api/v1/pods/pod-1' } },
});

describe('PrimeintellectAdapter', () => {
  const to = connectAdapter(PrimeintellectAdapter);

  it('follows the pages to the last one', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => row({ cloudId: `machine-${index}` }));
    to.cloud.use(({ query }) => {
      const from = (Number(query.get('page')) - 1) * 100;
      return { body: { items: rows.slice(from, from + 100), totalCount: rows.length } };
    });
    const { offers } = await to.adapter.pull({ credentials: CREDENTIALS });
    expect(offers).toHaveLength(250);
    expect(to.cloud.requests.map(({ query }) => query.get('page'))).toEqual(['1', '2', '3']);
    expect(to.cloud.requests[0]?.headers.authorization).toBe(`Bearer ${CREDENTIALS.api_key}`);
  });

  it('gives nothing when the pages end before their total', async () => {
    to.cloud.use(({ query }) => ({ body: { items: query.get('page') === '1' ? [row()] : [], totalCount: 608 } }));
    await expect(to.adapter.pull({ credentials: CREDENTIALS })).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('falls back on the summary when the list has another shape', async () => {
    to.cloud.use(({ path }) =>
      path.endsWith('/gpu-summary')
        ? { body: { H100_80GB: { 1: { canada: { onDemand: 1.9, communityPrice: null, spotPrice: null } } } } }
        : { status: 404 },
    );
    const { offers } = await to.adapter.pull({ credentials: CREDENTIALS });
    expect(offers).toMatchObject([{ externalId: 'summary|H100_80GB|1|canada|secure_cloud|on_demand' }]);
  });

  it('reports what went wrong first when the summary fails too', async () => {
    to.cloud.use(({ path }) => (path.endsWith('/gpu-summary') ? { status: 500 } : { status: 404 }));
    await expect(to.adapter.pull({ credentials: CREDENTIALS })).rejects.toMatchObject({ reason: 'status_4xx' });
  });

  it('books the configuration at its data centre', async () => {
    to.cloud.use(() => ({ body: { id: 'pod-1', status: 'PROVISIONING' } }));
    expect(
      await to.adapter.bookInstance(OFFER, 6, { credentials: CREDENTIALS, label: 'b-1', diskGb: 500 }),
    ).toMatchObject({ instanceId: 'pod-1', durationHours: 6, status: 'provisioning' });
    expect(to.cloud.requests).toMatchObject([{ method: 'POST', path: '/api/v1/pods/' }]);
    expect(JSON.parse(to.cloud.requests[0]?.body ?? '')).toEqual({
      pod: {
        name: 'b-1',
        cloudId: 'n3-A100x4',
        gpuType: 'A100_80GB',
        gpuCount: 4,
        image: 'ubuntu_22_cuda_12',
        socket: 'PCIe',
        dataCenterId: 'CANADA-1',
        country: 'CA',
        security: 'secure_cloud',
        diskSize: 500,
      },
      provider: { type: 'hyperstack' },
    });
  });

  it('sends no member that the offer does not know', async () => {
    to.cloud.use(() => ({ body: { id: 'pod-2' } }));
    await to.adapter.bookInstance('runpod|NVIDIA A40|A40_48GB||1||||on_demand', 1, { credentials: CREDENTIALS });
    expect(Object.keys((JSON.parse(to.cloud.requests[0]?.body ?? '') as { pod: object }).pod)).toEqual([
      'name',
      'cloudId',
      'gpuType',
      'gpuCount',
      'image',
    ]);
  });
});

describeWithShared('recorded answers of Prime Intellect', (shared) => {
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(join(shared, 'data', 'upstreams', 'primeintellect', file), 'utf8'));
  const grouped = (): OfferBatch => primeintellectBatch(groupedRows(read('1-availability-2025-01-grouped.json')) ?? []);

  it('makes an offer of every row of the older list', () => {
    expect(grouped()).toMatchObject({ rejected: [] });
    expect(grouped().offers).toHaveLength(35);
    expect(new Set(grouped().offers.map(({ gpuMemoryGb }) => gpuMemoryGb))).toEqual(new Set([80, 48]));
  });

  it.each([
    ['runpod|NVIDIA A100 80GB PCIe|A100_80GB|PCIe|2|||secure_cloud', 'A100-80GB-PCIE', 2, '1.6484', '3.2968', 'global'],
    [
      'runpod|NVIDIA A100 80GB PCIe|A100_80GB|PCIe|1|||community_cloud',
      'A100-80GB-PCIE',
      1,
      '1.2068',
      '1.2068',
      'global',
    ],
    [
      'crusoecloud|a100-80gb-sxm-ib.8x|A100_80GB|SXM5|8|us-east1-a|US|secure_cloud',
      'A100-80GB-SXM',
      8,
      '1.95',
      '15.6',
      'us-east1-a',
    ],
    [
      'lambdalabs|gpu_8x_a100_80gb_sxm4|A100_80GB|SXM4|8|australia-east-1|AU|secure_cloud',
      'A100-80GB-SXM',
      8,
      '1.79',
      '14.32',
      'au-australia-east-1',
    ],
    [
      'lambdalabs|gpu_8x_a100_80gb_sxm4|A100_80GB|SXM4|8|us-east-1|US|secure_cloud',
      'A100-80GB-SXM',
      8,
      '1.79',
      '14.32',
      'us-east-1',
    ],
    [
      'tensordock|353c7146-1d73-41ae-b19c-80a578297621_1|A100_80GB|PCIe|1||CZ|community_cloud',
      'A100-80GB-PCIE',
      1,
      '1',
      '1',
      'cz',
    ],
    [
      'tensordock|7de483e8-55e2-41de-a8d7-75916f4f9ca0_3|A100_80GB|SXM4|3||CZ|community_cloud',
      'A100-80GB-SXM',
      3,
      '0.95',
      '2.85',
      'cz',
    ],
    [
      'latitude|g3-a100-large|A100_80GB|PCIe|8|FRA2|DE|secure_cloud',
      'A100-80GB-PCIE',
      8,
      '1.43875',
      '11.51',
      'de-fra2',
    ],
  ])('reads %s', (id, gpuType, gpuCount, pricePerGpuHour, pricePerNodeHour, region) => {
    const offer = grouped().offers.find(({ externalId }) => externalId === `${id}|on_demand`);
    expect(offer).toMatchObject({ gpuType, gpuCount, gpuMemoryGb: 80, pricePerGpuHour, pricePerNodeHour, region });
  });

  it('knows of the tricky rows what makes them tricky', () => {
    const of = (start: string) => grouped().offers.find(({ externalId }) => externalId.startsWith(start));
    expect(of('crusoecloud|a100-80gb-sxm-ib')?.attributes['socket_unusual']).toBe(true);
    expect(of('tensordock|353c7146-1d73-41ae-b19c-80a578297621_1')?.attributes['price_with_default_size']).toBe('1.46');
    expect(of('latitude|g3-a100-large')?.storageGb).toBeNull();
  });

  it('reads a page of today’s list', () => {
    const page = availabilityPage.parse(read('2-availability-gpus-2025-11.json'));
    expect(page.totalCount).toBe(608);
    expect(primeintellectBatch(page.items).offers.at(-1)).toMatchObject({
      gpuType: 'H100-PCIE',
      gpuMemoryGb: 80,
      pricePerNodeHour: '2.4068',
      pricing: 'on_demand',
      region: 'ca-mtl-3',
      availability: 'limited',
    });
  });

  it('reads the summary without its pseudo-region', () => {
    const { offers } = primeintellectSummaryBatch(summaryAnswer.parse(read('3-gpu-summary-2025-11.json')));
    const one = offers.filter(({ externalId }) => externalId.startsWith('summary|H100_80GB|1|'));
    expect(one.map(({ region }) => region)).not.toContain('cheapest');
    expect(one).toContainEqual(
      expect.objectContaining({ gpuType: 'H100', region: 'canada', pricing: 'on_demand', pricePerNodeHour: '1.9' }),
    );
    expect(one).toContainEqual(
      expect.objectContaining({ gpuMemoryGb: 80, region: 'eu-north', pricing: 'spot', pricePerNodeHour: '1.157' }),
    );
  });
});
