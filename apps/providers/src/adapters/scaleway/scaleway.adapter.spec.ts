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
import { ScalewayAdapter } from './scaleway.adapter';
import { catalogPage, serversPage } from './scaleway.answers';
import { gpuZones, scalewayBatch } from './scaleway.rows';

const GIB = 1_073_741_824;

/** A product of the catalogue, priced per minute. */
const product = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  sku: '/compute/l4_8_24g/run_par1',
  product_category: 'Instance',
  product: 'L4-8-24G',
  locality: { zone: 'fr-par-1' },
  price: { retail_price: { currency_code: 'EUR', units: 0, nanos: 105_000_000 } },
  properties: {
    hardware: {
      cpu: { type: 'AMD EPYC 7413', threads: 64 },
      ram: { size: 384 * GIB },
      gpu: { description: '8 x L4', count: 8, type: 'L4' },
    },
  },
  unit_of_measure: { unit: 'minute', size: 1 },
  status: 'general_availability',
  ...changes,
});

/** A type of a zone: no currency, memory in bytes, that of the GPU for one of them. */
const server = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  ncpus: 64,
  ram: 384 * GIB,
  gpu: 8,
  gpu_info: { gpu_manufacturer: 'NVIDIA', gpu_name: 'L4', gpu_memory: 24 * GIB },
  mig_profile: null,
  scratch_storage_max_size: 0,
  hourly_price: 6.3,
  end_of_service: false,
  ...changes,
});
const zone = (servers: Record<string, unknown>, availability: Record<string, unknown> = {}) => ({
  zone: 'fr-par-1',
  servers,
  availability,
});
const word = (availability: unknown) => ({ 'L4-8-24G': { availability } });
const gpuOf = (gpu: unknown) => ({ properties: { hardware: { gpu } } });

describe('rows of Scaleway', () => {
  it('prices a product of the catalogue by the hour whatever its unit, in its own currency', () => {
    expect(scalewayBatch([product()], []).offers).toMatchObject([
      {
        externalId: 'L4-8-24G|fr-par-1|on_demand',
        gpuType: 'L4',
        gpuMemoryGb: 24,
        gpuCount: 8,
        pricePerGpuHour: '0.7875',
        pricePerNodeHour: '6.3',
        currency: 'EUR',
        pricing: 'on_demand',
        region: 'fr-par-1',
        macroRegion: 'eu',
        availability: 'unknown',
        cpuCores: 64,
        ramGb: 384,
        storageGb: null,
        attributes: { price_includes: ['gpu', 'cpu', 'ram'], price_excludes: ['root_disk', 'ipv4'] },
      },
    ]);
  });

  it('reads a type of a zone by itself', () => {
    expect(scalewayBatch([], [zone({ 'L4-8-24G': server() })]).offers).toMatchObject([
      { pricePerNodeHour: '6.3', currency: 'EUR', gpuMemoryGb: 24, ramGb: 384, availability: 'unknown' },
    ]);
  });

  it.each([
    ['available', 'available'],
    ['scarce', 'limited'],
    ['shortage', 'unavailable'],
    ['plenty', 'unknown'],
    [null, 'unknown'],
  ])('takes the stock word %p for %s', (stock, availability) => {
    const { offers } = scalewayBatch([product()], [zone({ 'L4-8-24G': server() }, word(stock))]);
    expect(offers).toMatchObject([{ availability, attributes: { sku: '/compute/l4_8_24g/run_par1' } }]);
  });

  it('does not take a type without a word for available', () => {
    const { offers } = scalewayBatch([], [zone({ 'L4-8-24G': server() }, { other: { availability: 'available' } })]);
    expect(offers).toMatchObject([{ availability: 'unknown' }]);
  });

  it('reads form and memory of a card where the type tells them', () => {
    const { offers } = scalewayBatch(
      [],
      [
        zone({
          'H100-SXM-2-80G': server({ gpu: 2, gpu_info: { gpu_name: 'H100', gpu_memory: 80 * GIB } }),
          'H100-1-80G': server({ gpu: 1, gpu_info: { gpu_name: 'H100-PCIe', gpu_memory: 80 * GIB } }),
          'H100-NVL-1-94G': server({ gpu: 1, gpu_info: { gpu_name: 'H100', gpu_memory: 94 * GIB } }),
          'H100-PCIE-1-80G': server({
            gpu: 1,
            gpu_info: { gpu_name: 'H100' },
            scratch_storage_max_size: 3_000_000_000_000,
          }),
        }),
      ],
    );
    expect(offers.map(({ gpuType, storageGb }) => [gpuType, storageGb])).toEqual([
      ['H100-SXM', null],
      ['H100-PCIE', null],
      ['H100-NVL', null],
      ['H100-PCIE', 3_000],
    ]);
  });

  it('takes an empty profile for none', () => {
    const { offers } = scalewayBatch([], [zone({ 'L4-8-24G': server({ mig_profile: '' }) })]);
    expect(offers).toMatchObject([{ gpuType: 'L4', gpuCount: 8 }]);
  });

  it('sells a partition as the part of the card that it is', () => {
    const { offers } = scalewayBatch(
      [],
      [
        zone({
          'H100-MIG': server({
            gpu: 1,
            gpu_info: { gpu_name: 'H100-PCIe' },
            mig_profile: '1g.10gb',
            hourly_price: 0.5,
          }),
        }),
      ],
    );
    expect(offers).toMatchObject([{ gpuType: 'H100-PCIE', gpuCount: 0.125, pricePerGpuHour: '4' }]);
  });

  it.each([
    ['no GPU', product(gpuOf(undefined)), 'no_gpu'],
    ['half a GPU', product(gpuOf({ count: 0.5, type: 'L4' })), 'out_of_range'],
    ['a GPU without a name', product(gpuOf({ count: 1, type: null })), 'missing_field'],
    ['another category', product({ product_category: 'Elastic Metal' }), 'unsupported_product'],
    ['a price per gigabyte', product({ unit_of_measure: { unit: 'gigabyte', size: 1 } }), 'unsupported_product'],
    ['no price', product({ price: null }), 'price_missing'],
    ['an empty price', product({ price: { retail_price: { units: null, nanos: null } } }), 'price_missing'],
    ['a price of 0', product({ price: { retail_price: { units: 0, nanos: 0 } } }), 'price_zero'],
    ['a placeholder', product({ price: { retail_price: { units: 9_999, nanos: 0 } } }), 'price_placeholder'],
    ['an end', product({ status: 'end_of_sale' }), 'not_for_sale'],
    ['no zone', product({ locality: {} }), 'malformed'],
    ['nothing', null, 'malformed'],
  ])('rejects a product with %s', (_what, row, reason) => {
    expect(scalewayBatch([row], [])).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it.each([
    ['is withdrawn', server({ end_of_service: true }), 'not_for_sale'],
    ['has no price', server({ hourly_price: null }), 'price_missing'],
    ['is no object', 7, 'malformed'],
  ])('rejects a type of a zone that %s', (_what, row, reason) => {
    expect(scalewayBatch([], [zone({ 'L4-8-24G': row })])).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('lists a card nobody knows under its name', () => {
    expect(scalewayBatch([product(gpuOf({ count: 1, type: 'R100' }))], []).offers).toMatchObject([
      { gpuType: 'R100', gpuMatch: 'unknown' },
    ]);
  });

  it('knows the zones that have a GPU', () => {
    const none = product({ locality: { zone: 'nl-ams-1' }, properties: {} });
    expect(gpuZones([product({ locality: { zone: 'pl-waw-2' } }), product(), product(), none, 7])).toEqual([
      'fr-par-1',
      'pl-waw-2',
    ]);
  });
});

const CREDENTIALS = { secret_key: 'scw-secret-key-1', project_id: 'scw-project-1' };
const catalogOf =
  (...products: unknown[]) =>
  () => ({ body: { products, total_count: products.length } });

describeAdapter(ScalewayAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'the public catalogue',
      cloud: catalogOf(product(), product({ product: 'R100-1', ...gpuOf({ count: 1, type: 'R100' }) }), 7),
      offers: 2,
      unknownGpus: ['R100'],
    },
  ],
});

const OFFER = 'L4-8-24G|fr-par-1|on_demand';
const ZONE = '/instance/v1/zones/fr-par-1';

/** An image of the zone, the answer to the call that makes a machine, and that to what is done with it. */
const account = (create: StubAnswer, action: StubAnswer = { body: { task: {} } }) =>
  routes({
    'GET /marketplace/v2/local-images': { body: { local_images: [{ id: 'image-1' }] } },
    [`POST ${ZONE}/servers`]: create,
    [`POST ${ZONE}/servers/srv-1/action`]: action,
  });

describeRenting(ScalewayAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { url: `${ZONE}/servers?per_page=1&project=${CREDENTIALS.project_id}` } },
  booking: {
    offer: OFFER,
    notOffers: ['L4-8-24G'],
    cloud: account,
    requests: 2,
    refusals: [
      [{ status: 503, body: { type: 'out_of_stock', message: 'resource is out of stock' } }, 'capacity'],
      [{ body: {} }, 'malformed'],
    ],
  },
  termination: { instance: 'fr-par-1/srv-1', sends: { method: 'POST', path: `${ZONE}/servers/srv-1/action` } },
});

describe('ScalewayAdapter', () => {
  const to = connectAdapter(ScalewayAdapter);

  const zoneCloud =
    (pages: (page: number) => Record<string, unknown>, total?: string) =>
    ({ path, query }: StubRequest) => {
      if (path.startsWith('/product-catalog')) return catalogOf(product())();
      const headers = total === undefined ? undefined : { 'x-total-count': total };
      if (path.endsWith('/availability')) return { headers, body: { servers: word('scarce') } };
      return { headers, body: { servers: pages(Number(query.get('page'))) } };
    };

  it('asks the catalogue without a key, and the zones that have a GPU with one', async () => {
    to.cloud.use(zoneCloud(() => ({ 'L4-8-24G': server() }), '1'));
    expect(await to.adapter.getOffers(null)).toMatchObject([{ availability: 'unknown' }]);
    expect(to.cloud.requests).toHaveLength(1);
    const { offers } = await to.adapter.pull({ credentials: CREDENTIALS });
    expect(offers).toMatchObject([{ availability: 'limited', currency: 'EUR' }]);
    expect(to.cloud.requests.slice(1).map(({ path, headers }) => [path, headers['x-auth-token']])).toEqual([
      ['/product-catalog/v2alpha1/public-catalog/products', undefined],
      [`${ZONE}/products/servers`, CREDENTIALS.secret_key],
      [`${ZONE}/products/servers/availability`, CREDENTIALS.secret_key],
    ]);
  });

  it('follows the pages of a zone to their total, or without one to the first that adds nothing', async () => {
    const pages = (page: number) => ({ [page === 1 ? 'L4-8-24G' : 'L4-4-24G']: server() });
    to.cloud.use(({ path, ...request }) => {
      const answer = zoneCloud(pages, '2')({ path, ...request });
      return path.endsWith('/availability') ? { body: { servers: word('scarce') } } : answer;
    });
    expect((await to.adapter.pull({ credentials: CREDENTIALS })).offers).toHaveLength(2);
    expect(to.cloud.requests).toHaveLength(5);
  });

  it('gives nothing when a zone cannot be read to its end', async () => {
    to.cloud.use(zoneCloud(() => ({ 'L4-8-24G': server() }), '107'));
    await expect(to.adapter.pull({ credentials: CREDENTIALS })).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('gives nothing when a zone has another shape', async () => {
    to.cloud.use(({ path }) =>
      path.startsWith('/product-catalog') ? catalogOf(product())() : { body: { servers: [] } },
    );
    await expect(to.adapter.pull({ credentials: CREDENTIALS })).rejects.toMatchObject({ reason: 'malformed' });
  });

  const posts = () =>
    to.cloud.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

  it('makes the machine with an image of its zone, and starts it', async () => {
    to.cloud.use(account({ body: { server: { id: 'srv-1', state: 'stopped' } } }));
    expect(await to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS, label: 'b-1' })).toMatchObject({
      instanceId: 'fr-par-1/srv-1',
      status: 'provisioning',
    });
    expect(to.cloud.requests[0]?.query.get('image_label')).toBe('ubuntu_jammy_gpu_os_12');
    expect(JSON.parse(to.cloud.requests[1]?.body ?? '')).toEqual({
      name: 'b-1',
      commercial_type: 'L4-8-24G',
      image: 'image-1',
      project: CREDENTIALS.project_id,
      dynamic_ip_required: true,
    });
    expect(posts()).toEqual([`POST ${ZONE}/servers`, `POST ${ZONE}/servers/srv-1/action`]);
    expect(JSON.parse(to.cloud.requests[2]?.body ?? '')).toEqual({ action: 'poweron' });
  });

  it('takes an image’s own id as it is', async () => {
    to.cloud.use(account({ body: { server: { id: 'srv-1' } } }));
    const image = '11111111-2222-3333-4444-555555555555';
    await to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS, image });
    expect(JSON.parse(to.cloud.requests[0]?.body ?? '')).toMatchObject({ image });
  });

  it('takes a machine away again that cannot be started', async () => {
    to.cloud.use(account({ body: { server: { id: 'srv-1' } } }, { status: 500, body: 'out of stock' }));
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'capacity',
    });
    expect(posts()).toEqual([
      `POST ${ZONE}/servers`,
      `POST ${ZONE}/servers/srv-1/action`,
      `POST ${ZONE}/servers/srv-1/action`,
    ]);
    expect(JSON.parse(to.cloud.requests.at(-1)?.body ?? '')).toEqual({ action: 'terminate' });
  });

  it('books nothing without an image', async () => {
    to.cloud.use(() => ({ body: { local_images: [] } }));
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS, image: 'nope' })).rejects.toThrow(
      InvalidBookingError,
    );
    expect(posts()).toEqual([]);
  });

  it('deletes a machine that stands still', async () => {
    to.cloud.use(({ method }) => ({ status: method === 'POST' ? 400 : 204 }));
    await to.adapter.terminate('fr-par-1/srv-1', { credentials: CREDENTIALS });
    expect(posts()).toEqual([`POST ${ZONE}/servers/srv-1/action`, `DELETE ${ZONE}/servers/srv-1`]);
  });

  it('terminates nothing by another id', async () => {
    await expect(to.adapter.terminate('../srv-1', { credentials: CREDENTIALS })).rejects.toThrow(InvalidBookingError);
  });
});

describeWithShared('recorded answers of Scaleway', (shared) => {
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(join(shared, 'data', 'upstreams', 'scaleway', file), 'utf8'));
  const recordedZone = () => ({
    zone: 'fr-par-1',
    servers: serversPage.parse(read('1-servers.json')).servers,
    availability: serversPage.parse(read('2-servers-availability.json')).servers,
  });
  const products = () => catalogPage.parse(read('3-product-catalog.json')).products;
  const summary = ({ offers }: OfferBatch) =>
    offers
      .map(({ externalId, gpuType, gpuCount, gpuMemoryGb, pricePerGpuHour, pricePerNodeHour, availability }) =>
        [
          externalId.split('|')[0],
          gpuType,
          gpuCount,
          gpuMemoryGb,
          pricePerGpuHour,
          pricePerNodeHour,
          availability,
        ].join(' '),
      )
      .sort();
  const CARDS = [
    'L4-1-24G L4 1 24 0.7875 0.7875',
    'L4-2-24G L4 2 24 0.7875 1.575',
    'L4-4-24G L4 4 24 0.7875 3.15',
    'L4-8-24G L4 8 24 0.7875 6.3',
    'RENDER-S P100 1 16 1.221 1.221',
  ];
  const STOCK = ['unavailable', 'unavailable', 'unavailable', 'unavailable', 'available'];

  it('reads the types of a zone', () => {
    const batch = scalewayBatch([], [recordedZone()]);
    expect(summary(batch)).toEqual(CARDS.map((card, index) => `${card} ${STOCK[index]}`));
    expect(batch.rejected.map(({ reason }) => reason)).toEqual(Array.from({ length: 6 }, () => 'no_gpu'));
    expect(new Set(batch.offers.map(({ currency }) => currency))).toEqual(new Set(['EUR']));
  });

  it('reads the catalogue by itself', () => {
    const batch = scalewayBatch(products(), []);
    expect(summary(batch)).toEqual(CARDS.map((card) => `${card} unknown`));
    expect(batch.rejected.map(({ reason }) => reason)).toEqual(Array.from({ length: 6 }, () => 'no_gpu'));
  });

  it('reads both as one', () => {
    expect(summary(scalewayBatch(products(), [recordedZone()]))).toEqual(
      CARDS.map((card, index) => `${card} ${STOCK[index]}`),
    );
  });
});
