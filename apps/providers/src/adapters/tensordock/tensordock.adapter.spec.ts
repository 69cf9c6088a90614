import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidBookingError, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import {
  connectAdapter,
  describeAdapter,
  describeRenting,
  routes,
  type StubAnswer,
} from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { TensordockAdapter } from './tensordock.adapter';
import { tensordockAnswer, tensordockBatch } from './tensordock.rows';

const RESOURCES = { max_vcpus: 128, max_ram_gb: 300, max_storage_gb: 1_000 };
const PRICING = { per_vcpu_hr: 0.003, per_gb_ram_hr: 0.002, per_gb_storage_hr: 0.00005 };

/** A GPU of a v2 location. */
const gpu = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  v0Name: 'h100-sxm5-80gb',
  displayName: 'H100 SXM5 80GB',
  max_count: 1,
  price_per_hr: 2.2,
  resources: RESOURCES,
  pricing: PRICING,
  ...changes,
});
const location = (...gpus: unknown[]): Record<string, unknown> => ({
  id: 'loc-1',
  city: 'Austin',
  stateprovince: 'Texas',
  country: 'United States',
  tier: 3,
  gpus,
});
const locations = (...rows: unknown[]): OfferBatch => tensordockBatch({ data: { locations: rows } });

/** A host of v0. */
const host = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  location: { city: 'Winnipeg', region: 'Manitoba', country: 'Canada' },
  specs: {
    cpu: { amount: 26, price: 0.003 },
    ram: { amount: 100, price: 0.002 },
    storage: { amount: 580, price: 0.00005 },
    gpu: { 'geforcertx3080-pcie-10gb': { amount: 1, price: 0.15 } },
  },
  status: { listed: true, online: true, uptime: 0.9999 },
  ...changes,
});
const hosts = (hostnodes: Record<string, unknown>): OfferBatch => tensordockBatch({ hostnodes });

describe('rows of TensorDock', () => {
  it('prices GPU, vCPU, RAM and disk of the standard size together, and shows the parts', () => {
    expect(locations(location(gpu())).offers).toMatchObject([
      {
        externalId: 'location|loc-1|h100-sxm5-80gb|1',
        gpuType: 'H100-SXM',
        gpuMemoryGb: 80,
        gpuCount: 1,
        // 2.2 + 4 × 0.003 + 16 × 0.002 + 100 × 0.00005
        pricePerNodeHour: '2.249',
        currency: 'USD',
        pricing: 'on_demand',
        region: 'us-austin-texas',
        macroRegion: 'us',
        availability: 'available',
        cpuCores: 4,
        ramGb: 16,
        storageGb: 100,
        attributes: {
          place: 'Austin, Texas, United States',
          price_includes: ['gpu', 'cpu', 'ram', 'disk'],
          gpu_usd_per_hour: 2.2,
          vcpu_usd_per_hour: 0.003,
          max_ram_gb: 300,
          stock_confidence: 'low',
        },
      },
    ]);
  });

  it('sizes vCPU and RAM by the GPUs and the disk by the machine', () => {
    const { offers } = locations(location(gpu({ max_count: 8 })));
    expect(offers.map(({ gpuCount, pricePerNodeHour }) => [gpuCount, pricePerNodeHour])).toEqual([
      [1, '2.249'],
      [2, '4.493'],
      [4, '8.981'],
      [8, '17.957'],
    ]);
  });

  it('says that a size is not available that the location has no room for', () => {
    const { offers } = locations(location(gpu({ max_count: 4, resources: { ...RESOURCES, max_ram_gb: 40 } })));
    expect(offers.map(({ availability }) => availability)).toEqual(['available', 'available', 'unavailable']);
  });

  it.each([
    ['has no GPU left', { max_count: 0 }, 'unavailable'],
    ['does not tell how many it has', { max_count: null }, 'unknown'],
    ['does not tell its limits', { resources: null }, 'available'],
  ])('lists one GPU of a location that %s', (_what, changes, availability) => {
    expect(locations(location(gpu(changes))).offers).toMatchObject([{ gpuCount: 1, availability }]);
  });

  it('flags a price whose other parts are not told, and does not take them for free', () => {
    expect(locations(location(gpu({ pricing: null }))).offers).toMatchObject([
      {
        pricePerNodeHour: '2.2',
        attributes: { price_includes: ['gpu'], price_partial: true, price_unknown_for: ['cpu', 'ram', 'disk'] },
      },
    ]);
  });

  it.each([
    ['a price of 0', location(gpu({ price_per_hr: 0 })), 'price_zero'],
    ['no price', location(gpu({ price_per_hr: null })), 'price_missing'],
    ['a price in words', location(gpu({ price_per_hr: 'ask' })), 'malformed'],
    ['a placeholder', location(gpu({ price_per_hr: 9_999 })), 'price_placeholder'],
    ['no name', location(gpu({ v0Name: '' })), 'malformed'],
    ['no GPU at the location', location(), 'no_gpu'],
    ['no id of the location', { gpus: [gpu()] }, 'malformed'],
    ['nothing', null, 'malformed'],
  ])('rejects a row with %s', (_what, row, reason) => {
    expect(locations(row)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('lists a card nobody knows under its name', () => {
    expect(locations(location(gpu({ v0Name: 'r100-sxm', displayName: 'R100 SXM' }))).offers).toMatchObject([
      { gpuType: 'R100 SXM', gpuMatch: 'unknown' },
    ]);
  });

  it('knows a card by its id where its name for people is empty', () => {
    expect(locations(location(gpu({ displayName: ' ' }))).offers).toMatchObject([{ gpuType: 'H100-SXM' }]);
  });

  it('keeps a location without a place', () => {
    expect(locations({ id: 'loc-2', gpus: [gpu()] }).offers).toMatchObject([{ region: 'global', macroRegion: null }]);
  });

  it('reads hosts of the older interface, keyed by their id', () => {
    expect(hosts({ h1: host() }).offers).toMatchObject([
      {
        externalId: 'hostnode|h1|geforcertx3080-pcie-10gb|1',
        gpuType: 'RTX-3080',
        gpuMemoryGb: 10,
        pricePerNodeHour: '0.199',
        region: 'ca-winnipeg-manitoba',
      },
    ]);
  });

  it.each([
    ['not listed', host({ status: { listed: false, online: true } }), 'not_for_sale'],
    ['without GPUs', host({ specs: { gpu: {} } }), 'no_gpu'],
    ['without specs', host({ specs: null }), 'malformed'],
  ])('rejects a host %s', (_what, row, reason) => {
    expect(hosts({ h1: row })).toMatchObject({ offers: [], rejected: [{ reason, row: 'h1' }] });
  });

  it('says that a host that is offline is not available', () => {
    expect(hosts({ h1: host({ status: { listed: true, online: false } }) }).offers).toMatchObject([
      { availability: 'unavailable' },
    ]);
  });
});

const CREDENTIALS = { api_key: 'td-secret-key-1' };

describeAdapter(TensordockAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'locations',
      cloud: () => ({
        body: {
          data: { locations: [location(gpu({ max_count: 2 }), gpu({ v0Name: 'r100', displayName: 'R100' })), 7] },
        },
      }),
      offers: 3,
      unknownGpus: ['R100'],
    },
    { name: 'hosts', cloud: () => ({ body: { success: true, hostnodes: { h1: host() } } }), offers: 1 },
  ],
});

const OFFER = 'location|loc-1|h100-sxm5-80gb|2';

/** An account with an SSH key, and the answer to the call that makes a machine. */
const account = (answer: StubAnswer) =>
  routes({
    'GET /api/v2/secrets': {
      body: {
        data: {
          secrets: [
            { id: 's1', type: 'OTHER' },
            { id: 's2', type: 'SSHKEY' },
          ],
        },
      },
    },
    'GET /api/v2/secrets/s2': { body: { data: { attributes: { value: 'ssh-ed25519 AAAA me' } } } },
    'POST /api/v2/instances': answer,
  });

describeRenting(TensordockAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { path: '/api/v2/instances' } },
  booking: {
    offer: OFFER,
    notOffers: ['location|loc-1|h100-sxm5-80gb|3', 'loc-1'],
    cloud: account,
    requests: 3,
    refusals: [
      [{ status: 500, body: 'Not enough GPUs available on this hostnode: no capacity' }, 'capacity'],
      [{ body: { data: {} } }, 'malformed'],
    ],
  },
  termination: { instance: 'vm/1', sends: { method: 'DELETE', path: '/api/v2/instances/vm%2F1' } },
});

describe('TensordockAdapter', () => {
  const to = connectAdapter(TensordockAdapter);

  it('asks for locations with a key and for the older list of hosts without one', async () => {
    to.cloud.use(() => ({ body: { data: { locations: [] } } }));
    await to.adapter.getOffers(CREDENTIALS.api_key);
    await to.adapter.getOffers(null);
    expect(to.cloud.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/api/v2/locations', `Bearer ${CREDENTIALS.api_key}`],
      ['/api/v0/client/deploy/hostnodes', undefined],
    ]);
  });

  it('books the size that was quoted, with the SSH key that the account keeps', async () => {
    to.cloud.use(account({ body: { data: { type: 'virtualmachine', id: 'vm-1' } } }));
    const booked = await to.adapter.bookInstance(OFFER, 3, { credentials: CREDENTIALS, label: 'b-1' });
    expect(booked).toEqual({
      provider: 'tensordock',
      offerId: OFFER,
      instanceId: 'vm-1',
      durationHours: 3,
      status: 'provisioning',
    });
    expect(to.cloud.requests.at(-1)).toMatchObject({ method: 'POST', path: '/api/v2/instances' });
    expect(JSON.parse(to.cloud.requests.at(-1)?.body ?? '')).toMatchObject({
      data: {
        type: 'virtualmachine',
        attributes: {
          name: 'b-1',
          location_id: 'loc-1',
          ssh_key: 'ssh-ed25519 AAAA me',
          resources: { vcpu_count: 8, ram_gb: 32, storage_gb: 100, gpus: { 'h100-sxm5-80gb': { count: 2 } } },
        },
      },
    });
  });

  it('books a host by its id, and more disk when asked', async () => {
    to.cloud.use(account({ body: { data: { type: 'virtualmachine', id: 'vm-1' } } }));
    await to.adapter.bookInstance('hostnode|h1|l40-pcie-48gb|1', 1, { credentials: CREDENTIALS, diskGb: 250 });
    expect(JSON.parse(to.cloud.requests.at(-1)?.body ?? '')).toMatchObject({
      data: { attributes: { hostnode_id: 'h1', resources: { storage_gb: 250 } } },
    });
  });

  it('books nothing for an account without an SSH key: nobody could get in', async () => {
    to.cloud.use(() => ({ body: { data: { secrets: [] } } }));
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS })).rejects.toThrow(InvalidBookingError);
    expect(to.cloud.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

describeWithShared('recorded answers of TensorDock', (shared) => {
  const batch = (file: string): OfferBatch =>
    tensordockBatch(
      tensordockAnswer.parse(JSON.parse(readFileSync(join(shared, 'data', 'upstreams', 'tensordock', file), 'utf8'))),
    );

  it('reads the documented hosts of v0', () => {
    expect(batch('1-v0-hostnodes-documented.json')).toMatchObject({
      rejected: [],
      offers: [
        {
          gpuType: 'RTX-3080',
          gpuCount: 1,
          gpuMemoryGb: 10,
          pricePerNodeHour: '0.199',
          pricing: 'on_demand',
          region: 'ca-winnipeg-manitoba',
          availability: 'available',
          attributes: { gpu_usd_per_hour: 0.15 },
        },
      ],
    });
  });

  it('reads the documented locations of v2', () => {
    const { offers, rejected } = batch('2-v2-locations-documented.json');
    expect(rejected).toEqual([]);
    expect(offers).toMatchObject(
      [1, 2, 4, 8].map((gpuCount) => ({
        gpuType: 'H100-SXM',
        gpuCount,
        gpuMemoryGb: 80,
        region: 'us-austin-texas',
        availability: 'available',
        attributes: { gpu_usd_per_hour: 2.2, place: 'Austin, Texas, United States' },
      })),
    );
    expect(offers.at(-1)?.pricePerNodeHour).toBe('17.957');
  });

  it('reads the recorded location whose other prices are missing as a partial quote', () => {
    const { offers } = batch('3-v2-locations-recorded-excerpt.json');
    expect(offers).toMatchObject(
      [1, 2, 4].map((gpuCount) => ({
        gpuType: 'RTX-4090',
        gpuCount,
        gpuMemoryGb: 24,
        pricePerGpuHour: '0.3966',
        region: 'us-chubbuck-idaho',
        attributes: { price_partial: true, tier: 1 },
      })),
    );
  });
});
