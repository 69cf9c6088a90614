import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidBookingError, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import {
  connectAdapter,
  describeAdapter,
  describeRenting,
  routes,
  type StubAnswer,
  type StubHandler,
  type StubRequest,
} from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { OciAdapter } from './oci.adapter';
import { ociBatch } from './oci.rows';
import { ociCardText } from './oci.shapes';
import { readPrivateKey } from './oci.signature';

type Tier = Readonly<Record<string, unknown>>;
/** An item of the price list. */
const item = (changes: Record<string, unknown> = {}, ...prices: Tier[]): Record<string, unknown> => ({
  partNumber: 'B95907',
  displayName: 'Compute - GPU - A100 - v2',
  metricName: 'GPU Per Hour',
  serviceCategory: 'Compute - GPU',
  currencyCodeLocalizations: [
    { currencyCode: 'USD', prices: prices.length > 0 ? prices : [{ model: 'PAY_AS_YOU_GO', value: 4 }] },
  ],
  ...changes,
});
const batchOf = (...items: unknown[]): OfferBatch => ociBatch(items);
const payg = (value: unknown, rangeMin?: number): Tier => ({ model: 'PAY_AS_YOU_GO', value, rangeMin });

describe('the name of a card', () => {
  it.each([
    ['Compute - GPU - A100 - v2', 'A100 v2'],
    ['Compute  - GPU - A10', 'A10'],
    ['OCI- Compute - GPU - MI355X', 'MI355X'],
    ['Oracle Cloud Infrastructure - Compute - GPU - H100', 'H100'],
    ['Compute - GPU Standard - V2', 'GPU Standard V2'],
    ['Compute - Bare Metal GPU Standard - X7', 'Bare Metal GPU Standard X7'],
    ['OCI - Compute - GPU - RTX PRO 6000', 'RTX PRO 6000'],
    ['Compute – GPU – H100', 'H100'],
    ['Compute - GPU', null],
    ['Compute - Standard - E4', null],
  ])('in "%s" is %p', (displayName, text) => {
    expect(ociCardText(displayName)).toBe(text);
  });
});

describe('prices of OCI', () => {
  it('are per GPU, and of the node the number of GPUs times that', () => {
    expect(batchOf(item()).offers).toMatchObject([
      {
        externalId: 'B95907|BM.GPU.A100-v2.8|on_demand',
        gpuType: 'A100-80GB-SXM',
        gpuCount: 8,
        gpuMemoryGb: 80,
        pricePerGpuHour: '4',
        pricePerNodeHour: '32',
        currency: 'USD',
        region: 'global',
        availability: 'unknown',
        cpuCores: 256,
        ramGb: 2048,
        attributes: { shape: 'BM.GPU.A100-v2.8', price_unit: 'per_gpu', price_excludes: ['disk'] },
      },
    ]);
  });

  it('of one part number may be for several shapes', () => {
    const { offers } = batchOf(item({ displayName: 'Compute  - GPU - A10' }, payg(2)));
    expect(offers.map(({ gpuCount, pricePerNodeHour }) => [gpuCount, pricePerNodeHour])).toEqual([
      [1, '2'],
      [2, '4'],
      [4, '8'],
    ]);
  });

  it.each([
    ['the paid tier after a free one', [payg(0, 0), payg(0.5, 100)], '0.5'],
    ['the paid tier before a free one', [payg(0.5, 100), payg(0, 0)], '0.5'],
    ['the lowest tier of several, in any order', [payg(1, 50), payg(3, 10), payg(2, 100)], '3'],
    ['not a price under another model', [{ model: 'MONTHLY_COMMIT', value: 1 }, payg(2)], '2'],
  ])('are %s', (_what, prices, perGpu) => {
    expect(batchOf(item({}, ...prices)).offers).toMatchObject([{ pricePerGpuHour: perGpu }]);
  });

  it('are read tier by tier, in whatever letters the metric is written', () => {
    const odd = item({ metricName: 'GPU per hour' }, null as unknown as Tier, payg('4.00'));
    expect(batchOf(odd).offers).toMatchObject([{ pricePerGpuHour: '4', gpuCount: 8 }]);
  });

  it('are taken in dollars where there are several currencies', () => {
    const row = item({
      currencyCodeLocalizations: [
        { currencyCode: 'EUR', prices: [payg(3)] },
        { currencyCode: 'USD', prices: [payg(4)] },
      ],
    });
    expect(batchOf(row).offers).toMatchObject([{ pricePerGpuHour: '4', currency: 'USD' }]);
  });

  it('of a card in no table are listed for one GPU, as of unknown node size', () => {
    const { offers } = batchOf(item({ partNumber: 'B1', displayName: 'OCI - Compute - GPU - H100T' }, payg(10.75)));
    expect(offers).toMatchObject([
      {
        externalId: 'B1|gpu|on_demand',
        gpuType: 'H100T',
        gpuMatch: 'unknown',
        gpuCount: 1,
        pricePerNodeHour: '10.75',
        attributes: { node_size_unknown: true },
      },
    ]);
  });

  it.each([
    ['a licence', item({ displayName: 'OCI - NVIDIA AI Enterprise - H100' }), 'unsupported_product'],
    [
      'a node of VMware',
      item({ displayName: 'Oracle Cloud VMware Solution - BM.GPU.A10.64', serviceCategory: 'Compute - VMware' }),
      'unsupported_product',
    ],
    [
      'an appliance',
      item({ displayName: 'Roving Edge Device - RED.2 GPU', metricName: 'Resource Possession Per Day' }),
      'unsupported_product',
    ],
    [
      'a machine on the premises',
      item({ displayName: 'Compute - GPU.L40S', serviceCategory: 'Compute Cloud@Customer' }),
      'unsupported_product',
    ],
    ['a commitment', item({ displayName: 'Compute - GPU - L40S - Resource Commit' }), 'unsupported_product'],
    ['another licence', item({ displayName: 'OCI - NVIDIA GPU Toolkit - H100' }), 'unsupported_product'],
    ['a price per day', item({ metricName: 'GPU Per Day' }), 'unsupported_product'],
    ['a GPU in another category', item({ serviceCategory: 'AI Services' }), 'unsupported_product'],
    ['a CPU', item({ displayName: 'Compute - Standard - E4 - OCPU', metricName: 'OCPU Per Hour' }), 'no_gpu'],
    ['a name without card', item({ displayName: 'Compute - GPU' }), 'missing_field'],
    ['a price of zero', item({}, payg(0)), 'price_zero'],
    ['no price', item({ currencyCodeLocalizations: null }), 'price_missing'],
    ['a word for a price', item({}, payg('ask')), 'malformed'],
    ['a placeholder', item({}, payg(9999)), 'price_placeholder'],
    ['an item without part number', item({ partNumber: '' }), 'malformed'],
    ['something else', null, 'malformed'],
  ])('are rejected: %s', (_what, row, reason) => {
    expect(batchOf(row)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });
});

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const CREDENTIALS = {
  private_key: privateKey,
  tenancy_ocid: 'ocid1.tenancy.oc1..aaaa',
  user_ocid: 'ocid1.user.oc1..bbbb',
  fingerprint: '20:3b:97:13',
  region: 'eu-frankfurt-1',
  subnet_ocid: 'ocid1.subnet.oc1.eu-frankfurt-1.cccc',
};

describeAdapter(OciAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'a price list',
      cloud: () => ({
        body: {
          items: [
            item(),
            item({ partNumber: 'B2', displayName: 'Compute - GPU - R100' }),
            item({ displayName: 'OCI - NVIDIA AI Enterprise - H100' }),
          ],
        },
      }),
      offers: 2,
      unknownGpus: ['R100'],
    },
    { name: 'a list with one bad item', cloud: () => ({ body: { items: [7] } }), offers: 0 },
  ],
});

const OFFER = 'B98415|BM.GPU.H100.8|on_demand';
const SUBNET = `GET /20160918/subnets/${CREDENTIALS.subnet_ocid}`;

/** A region that has everything, and whatever else a test gives it. */
const regionWith = (answers: Readonly<Record<string, StubAnswer | StubHandler>> = {}): StubHandler =>
  routes({
    [SUBNET]: { body: { compartmentId: 'comp-1', availabilityDomain: null } },
    'GET /20160918/availabilityDomains/': { body: [{ name: 'AD-1' }, { name: 'AD-2' }] },
    'GET /20160918/images/': { body: [{ id: 'image-1' }] },
    'POST /20160918/instances/': { body: { id: 'ocid1.instance.1' } },
    ...answers,
  });

describeRenting(OciAdapter, {
  credentials: CREDENTIALS,
  booking: {
    offer: OFFER,
    notOffers: ['B98415|gpu|on_demand', 'B98415'],
    cloud: (answer) => regionWith({ 'POST /20160918/instances/': answer }),
    requests: 4,
    refusals: [
      [{ status: 500, body: 'launch instance: out of capacity' }, 'capacity'],
      [{ body: {} }, 'malformed'],
    ],
  },
  termination: {
    instance: 'ocid1.instance.1',
    sends: { method: 'DELETE', url: '/20160918/instances/ocid1.instance.1?preserveBootVolume=false' },
  },
});

describe('OciAdapter', () => {
  const to = connectAdapter(OciAdapter);

  /** Does the signature hold for what came, read as Oracle reads it? */
  function isSigned({ method, url, headers, body }: StubRequest): boolean {
    const members = new Map(
      [...(headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    const names = (members.get('headers') ?? '').split(' ');
    const digest = createHash('sha256').update(body).digest('base64');
    if (body !== '' && headers['x-content-sha256'] !== digest) return false;
    const text = names
      .map(
        (name) => `${name}: ${name === '(request-target)' ? `${method.toLowerCase()} ${url}` : String(headers[name])}`,
      )
      .join('\n');
    const signature = Buffer.from(members.get('signature') ?? '', 'base64');
    return (
      members.get('keyId') === 'ocid1.tenancy.oc1..aaaa/ocid1.user.oc1..bbbb/20:3b:97:13' &&
      verify('sha256', Buffer.from(text), createPublicKey(publicKey), signature)
    );
  }

  it('reads the list in one call, without a key', async () => {
    to.cloud.use(() => ({ body: { items: [item()] } }));
    await to.adapter.pull({ credentials: CREDENTIALS });
    expect(to.cloud.requests.map(({ url }) => url)).toEqual(['/products/?currencyCode=USD']);
    expect(to.cloud.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('takes a list that goes on for an incomplete one', async () => {
    to.cloud.use(() => ({ body: { items: [item()], hasMore: true } }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('validates credentials by a signed call', async () => {
    to.cloud.use(() => ({ body: [] }));
    expect(await to.adapter.validateCredentials(CREDENTIALS)).toBe(true);
    expect(to.cloud.requests.map((request) => [request.path, isSigned(request)])).toEqual([
      ['/20160918/regions', true],
    ]);
    to.cloud.use(() => ({ status: 401 }));
    expect(await to.adapter.validateCredentials(CREDENTIALS)).toBe(false);
    to.cloud.use(() => ({ status: 500 }));
    await expect(to.adapter.validateCredentials(CREDENTIALS)).rejects.toMatchObject({ reason: 'status_5xx' });
  });

  it.each([
    ['a key that is none', { ...CREDENTIALS, private_key: 'secret' }],
    ['no fingerprint', { ...CREDENTIALS, fingerprint: '' }],
    ['a region that is a host', { ...CREDENTIALS, region: 'evil.example/' }],
    ['no region', Object.fromEntries(Object.entries(CREDENTIALS).filter(([name]) => name !== 'region'))],
  ])('refuses %s without asking', async (_what, credentials) => {
    to.cloud.use(() => ({ body: [] }));
    expect(await to.adapter.validateCredentials(credentials)).toBe(false);
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials })).rejects.toThrow(InvalidBookingError);
    expect(to.cloud.requests).toEqual([]);
  });

  it('books the shape with the newest image, in the first domain of the subnet’s compartment, every call signed', async () => {
    to.cloud.use(regionWith());
    const booked = await to.adapter.bookInstance(OFFER, 6, { credentials: CREDENTIALS, label: 'b-1', diskGb: 200 });
    expect(booked).toEqual({
      provider: 'oci',
      offerId: OFFER,
      instanceId: 'ocid1.instance.1',
      durationHours: 6,
      status: 'provisioning',
    });
    expect(to.cloud.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /20160918/subnets/ocid1.subnet.oc1.eu-frankfurt-1.cccc',
      'GET /20160918/availabilityDomains/',
      'GET /20160918/images/',
      'POST /20160918/instances/',
    ]);
    expect(to.cloud.requests.every(isSigned)).toBe(true);
    expect(to.cloud.requests[2]?.query.get('shape')).toBe('BM.GPU.H100.8');
    expect(JSON.parse(to.cloud.requests[3]?.body ?? '')).toEqual({
      availabilityDomain: 'AD-1',
      compartmentId: 'comp-1',
      shape: 'BM.GPU.H100.8',
      displayName: 'b-1',
      createVnicDetails: { subnetId: CREDENTIALS.subnet_ocid },
      sourceDetails: { sourceType: 'image', imageId: 'image-1', bootVolumeSizeInGBs: 200 },
      freeformTags: { gpubroker: 'b-1' },
    });
  });

  it('books in the domain that the subnet is bound to', async () => {
    to.cloud.use(regionWith({ [SUBNET]: { body: { compartmentId: 'comp-1', availabilityDomain: 'AD-3' } } }));
    await to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS });
    expect(to.cloud.requests).toHaveLength(3);
    expect(JSON.parse(to.cloud.requests[2]?.body ?? '')).toMatchObject({
      availabilityDomain: 'AD-3',
      displayName: 'gpubroker',
    });
  });

  it.each([
    ['another subnet answer', SUBNET, { reason: 'malformed' }],
    ['no domain', 'GET /20160918/availabilityDomains/', { reason: 'malformed' }],
    ['no image for the shape', 'GET /20160918/images/', { name: 'InvalidBookingError' }],
  ])('fails to book with %s', async (_what, call, error) => {
    to.cloud.use(regionWith({ [call]: { body: [] } }));
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS })).rejects.toMatchObject(error);
    expect(to.cloud.requests.filter(({ method }) => method === 'POST').length).toBeLessThan(2);
  });

  it('signs the call that terminates a machine', async () => {
    to.cloud.use(() => ({ status: 204, body: '' }));
    await to.adapter.terminate('ocid1.instance.1', { credentials: CREDENTIALS });
    expect(to.cloud.requests.map(isSigned)).toEqual([true]);
  });
});

describe('the private key', () => {
  it('may come on one line, as environment variables have it', () => {
    expect(readPrivateKey(privateKey.replaceAll('\n', '\\n'))).not.toBeNull();
  });

  it('is an RSA key', () => {
    const other = generateKeyPairSync('ed25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    expect(readPrivateKey(other.privateKey)).toBeNull();
  });
});

describeWithShared('recorded answers of OCI', (shared) => {
  const recorded = (file: string): OfferBatch => {
    const text = readFileSync(join(shared, 'data', 'upstreams', 'oci', file), 'utf8');
    return ociBatch((JSON.parse(text) as { items: unknown[] }).items);
  };
  const OLD = '1-products-2024-01.json';
  const NEW = '2-products-2026-08.json';
  const EXPECTED: readonly [
    part: string,
    gpuType: string,
    gb: number,
    perGpu: string,
    nodes: readonly (readonly [number, string])[],
  ][] = [
    ['B98415', 'H100-SXM', 80, '10', [[8, '80']]],
    ['B95907', 'A100-80GB-SXM', 80, '4', [[8, '32']]],
    ['B92740', 'A100-40GB-SXM', 40, '3.05', [[8, '24.4']]],
    [
      'B89734',
      'V100-SXM2-16GB',
      16,
      '2.95',
      [
        [1, '2.95'],
        [2, '5.9'],
        [4, '11.8'],
        [8, '23.6'],
      ],
    ],
    ['B88518', 'P100', 16, '1.275', [[1, '1.275']]],
    ['B88517', 'P100', 16, '1.275', [[2, '2.55']]],
    [
      'B95909',
      'A10',
      24,
      '2',
      [
        [1, '2'],
        [2, '4'],
        [4, '8'],
      ],
    ],
  ];
  const EXPECTED_NEW: typeof EXPECTED = [
    ['B110519', 'H200-SXM', 141, '10', [[8, '80']]],
    ['B111758', 'MI355X', 288, '8.6', [[8, '68.8']]],
    ['B109485', 'MI300X', 192, '6', [[8, '48']]],
    ['B110978', 'B200', 180, '14', [[8, '112']]],
    ['B110979', 'GB200', 186, '16', [[4, '64']]],
  ];

  it.each([
    ...[OLD, NEW].flatMap((file) => EXPECTED.map((row) => [file, ...row] as const)),
    ...EXPECTED_NEW.map((row) => [NEW, ...row] as const),
  ])('%s: %s is %s of %d GB at %s', (file, part, gpuType, gpuMemoryGb, pricePerGpuHour, nodes) => {
    const offers = recorded(file).offers.filter(({ externalId }) => externalId.startsWith(`${part}|`));
    expect(offers.map(({ gpuCount, pricePerNodeHour }) => [gpuCount, pricePerNodeHour])).toEqual(nodes);
    for (const offer of offers) {
      expect(offer).toMatchObject({
        gpuType,
        gpuMemoryGb,
        pricePerGpuHour,
        availability: 'unknown',
        pricing: 'on_demand',
      });
    }
  });

  it('offer nothing from licences, VMware, appliances, commitments and things per day', () => {
    const { offers, rejected } = recorded(NEW);
    const offered = new Set(offers.map(({ externalId }) => externalId.split('|')[0]));
    const none = ['B108806', 'B108807', 'B108808', 'B110965', 'B111454', 'B111455', 'B109493', 'B111463', 'B108776'];
    const licences = ['B111824', 'B111825', 'B111826', 'B111827', 'B111828', 'B111829', 'B111830', 'B111831'];
    expect([...none, ...licences].filter((part) => offered.has(part))).toEqual([]);
    expect(offers.length + rejected.length).toBeGreaterThanOrEqual(35);
  });

  it('list what nobody knows as unknown', () => {
    const { offers } = recorded(NEW);
    expect(
      offers.filter(({ gpuMatch }) => gpuMatch === 'unknown').map(({ externalId, gpuType }) => [externalId, gpuType]),
    ).toEqual([
      ['B109480|gpu|on_demand', 'H100T'],
      ['B93544|gpu|on_demand', 'E4'],
    ]);
    expect(offers.find(({ externalId }) => externalId.startsWith('B112613|'))).toMatchObject({
      gpuType: 'RTX-PRO-6000',
      gpuMatch: 'family',
    });
  });

  it('offer nothing but GPU prices from the old list', () => {
    const { offers } = recorded(OLD);
    expect(new Set(offers.map(({ externalId }) => externalId.split('|')[0]))).toEqual(
      new Set(EXPECTED.map(([part]) => part)),
    );
  });
});
