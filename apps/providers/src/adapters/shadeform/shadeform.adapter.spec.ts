import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { connectAdapter, describeAdapter, describeRenting } from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ShadeformAdapter } from './shadeform.adapter';
import { shadeformAnswer, shadeformBatch } from './shadeform.rows';

const CONFIGURATION = {
  memory_in_gb: 1_440,
  storage_in_gb: 6_500,
  vcpus: 252,
  num_gpus: 8,
  gpu_type: 'H100',
  interconnect: 'pcie',
  nvlink: false,
  vram_per_gpu_in_gb: 80,
};

/** An instance type. hourly_price is in cents, for the whole machine. */
const row = (changes: Record<string, unknown> = {}, configuration: object = {}): Record<string, unknown> => ({
  cloud: 'hyperstack',
  shade_instance_type: 'H100x8',
  cloud_instance_type: 'n3-H100x8',
  configuration: { ...CONFIGURATION, ...configuration },
  hourly_price: 1_520,
  deployment_type: 'vm',
  boot_time: { min_boot_in_sec: 180, max_boot_in_sec: 300 },
  availability: [{ region: 'canada-1', available: true, display_name: 'Canada' }],
  ...changes,
});
const batchOf = (...rows: unknown[]): OfferBatch => shadeformBatch(rows);
const at = (...availability: unknown[]) => row({ availability });

describe('rows of Shadeform', () => {
  it('reads cents for the whole machine', () => {
    expect(batchOf(row()).offers).toMatchObject([
      {
        externalId: 'hyperstack|H100x8|canada-1|on_demand',
        gpuType: 'H100-PCIE',
        gpuCount: 8,
        gpuMemoryGb: 80,
        pricePerNodeHour: '15.2',
        pricePerGpuHour: '1.9',
        currency: 'USD',
        pricing: 'on_demand',
        region: 'canada-1',
        availability: 'available',
        cpuCores: 252,
        ramGb: 1_440,
        storageGb: 6_500,
        attributes: { upstream_cloud: 'hyperstack', deployment_type: 'vm', boot_seconds_max: 300 },
      },
    ]);
  });

  it('makes one offer per region, with the stock of each', () => {
    const { offers } = batchOf(
      at({ region: 'a-1', available: true }, { region: 'a-2', available: false }, { region: 'a-3', available: null }),
    );
    expect(offers.map(({ region, availability }) => [region, availability])).toEqual([
      ['a-1', 'available'],
      ['a-2', 'unavailable'],
      ['a-3', 'unknown'],
    ]);
  });

  it('prices a spot entry by its own string in dollars, and tells its stock from on-demand stock', () => {
    const { offers } = batchOf(
      at(
        { region: 'r-1', available: false },
        { region: 'r-1', available: true, rental_type: 'spot', hourly_price: '7.6' },
      ),
    );
    expect(
      offers.map(({ pricing, pricePerNodeHour, availability }) => [pricing, pricePerNodeHour, availability]),
    ).toEqual([
      ['on_demand', '15.2', 'unavailable'],
      ['spot', '7.6', 'available'],
    ]);
  });

  it('reads counts that come as text, and ways of renting in capitals', () => {
    const { offers } = batchOf(
      row(
        { hourly_price: '1520', availability: [{ region: 'r', available: 'true', rental_type: 'ON-DEMAND' }] },
        { num_gpus: '8', vram_per_gpu_in_gb: '80' },
      ),
    );
    expect(offers).toMatchObject([
      { gpuCount: 8, gpuMemoryGb: 80, pricePerNodeHour: '15.2', pricing: 'on_demand', availability: 'available' },
    ]);
  });

  it.each([
    ['spot without a price of its own', at({ region: 'r', rental_type: 'spot' }), 'price_missing'],
    ['a way of renting that nobody knows', at({ region: 'r', rental_type: 'reserved' }), 'unsupported_product'],
    ['no price', row({ hourly_price: null }), 'price_missing'],
    ['a price of 0', row({ hourly_price: 0 }), 'price_zero'],
    ['a placeholder', row({ hourly_price: 99_999_999 }), 'price_placeholder'],
    ['a price in words', row({ hourly_price: 'ask' }), 'malformed'],
    ['no GPU', row({}, { num_gpus: 0 }), 'no_gpu'],
    ['no GPU name', row({}, { gpu_type: null }), 'no_gpu'],
    ['half a GPU', row({}, { num_gpus: 0.5 }), 'out_of_range'],
    ['no list of regions', row({ availability: null }), 'missing_field'],
    ['an empty list of regions', row({ availability: [] }), 'not_for_sale'],
    ['a region without a name', at({ available: true }), 'malformed'],
    ['no cloud', row({ cloud: null }), 'malformed'],
    ['nothing', null, 'malformed'],
  ])('rejects %s', (_what, one, reason) => {
    expect(batchOf(one)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('holds back a type whose two names mean different cards', () => {
    const { offers, rejected } = batchOf(
      row({ shade_instance_type: 'A6000x8' }, { gpu_type: 'A100', vram_per_gpu_in_gb: 48 }),
    );
    expect(offers).toEqual([]);
    expect(rejected).toMatchObject([{ reason: 'malformed', row: 'hyperstack|A6000x8|canada-1' }]);
    expect(rejected[0]?.detail).toContain('RTX-A6000');
  });

  it.each([
    ['H100_sxm5x8', 'H100_sxm5', 'sxm5', 80, 'H100-SXM'],
    ['A100_80Gx8', 'A100_80G', 'pcie', 80, 'A100-80GB-PCIE'],
    ['A100_sxm4_80Gx8', 'A100_80G', 'sxm4', 80, 'A100-80GB-SXM'],
    ['RTX6000Adax8', 'RTX6000Ada', 'pcie', 48, 'RTX-6000-ADA'],
    ['MI300Xx8', 'MI300X', null, 192, 'MI300X'],
    ['H200x8', 'H200', 'sxm5', 141, 'H200-SXM'],
    ['V100x8', 'V100', 'pcie', 16, 'V100-PCIE'],
  ])('recognises the type %s of %s', (shadeType, gpuType, interconnect, vram, canonical) => {
    const { offers } = batchOf(
      row({ shade_instance_type: shadeType }, { gpu_type: gpuType, interconnect, vram_per_gpu_in_gb: vram }),
    );
    expect(offers).toMatchObject([{ gpuType: canonical, gpuMemoryGb: vram }]);
  });

  it('falls back on the fields beside the configuration', () => {
    expect(batchOf(row({ ...CONFIGURATION, configuration: null })).offers).toMatchObject([
      { gpuCount: 8, cpuCores: 252, ramGb: 1_440 },
    ]);
  });

  it('lists a card nobody knows under its name', () => {
    expect(batchOf(row({ shade_instance_type: 'R100x8' }, { gpu_type: 'R100' })).offers).toMatchObject([
      { gpuType: 'R100', gpuMatch: 'unknown' },
    ]);
  });

  it('counts a type that is listed twice once', () => {
    expect(batchOf(row(), row())).toMatchObject({ offers: [{}], rejected: [{ reason: 'duplicate' }] });
  });
});

const CREDENTIALS = { api_key: 'sf-secret-key-1' };

describeAdapter(ShadeformAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'a list of types',
      cloud: () => ({
        body: { instance_types: [row(), row({ shade_instance_type: 'R100x8' }, { gpu_type: 'R100' }), {}] },
      }),
      offers: 2,
      unknownGpus: ['R100'],
    },
  ],
});

const OFFER = 'hyperstack|H100x8|canada-1|on_demand';

describeRenting(ShadeformAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { path: '/instances', headers: { 'x-api-key': CREDENTIALS.api_key } } },
  booking: {
    offer: OFFER,
    // For a spot offer there is no call.
    notOffers: ['hyperstack|H100x8|canada-1|spot', 'H100x8'],
    refusals: [
      [{ status: 409, body: { error: 'out of stock' } }, 'capacity'],
      [{ body: {} }, 'malformed'],
    ],
  },
  termination: { instance: 'inst-1', sends: { method: 'POST', path: '/instances/inst-1/delete' } },
});

describe('ShadeformAdapter', () => {
  const to = connectAdapter(ShadeformAdapter);

  it('sends the key in its own header', async () => {
    to.cloud.use(() => ({ body: { instance_types: [] } }));
    await to.adapter.getOffers(CREDENTIALS.api_key);
    expect(to.cloud.requests).toMatchObject([
      { path: '/instances/types', headers: { 'x-api-key': CREDENTIALS.api_key } },
    ]);
  });

  it('books the type in its region on Shadeform’s own account', async () => {
    to.cloud.use(() => ({ body: { id: 'inst-1', cloud_assigned_id: 'c-1' } }));
    expect(await to.adapter.bookInstance(OFFER, 2, { credentials: CREDENTIALS, label: 'b-1', image: 'img' })).toEqual({
      provider: 'shadeform',
      offerId: OFFER,
      instanceId: 'inst-1',
      durationHours: 2,
      status: 'provisioning',
    });
    expect(to.cloud.requests).toMatchObject([{ method: 'POST', path: '/instances/create' }]);
    expect(JSON.parse(to.cloud.requests[0]?.body ?? '')).toEqual({
      cloud: 'hyperstack',
      region: 'canada-1',
      shade_instance_type: 'H100x8',
      shade_cloud: true,
      name: 'b-1',
      launch_configuration: { type: 'docker', docker_configuration: { image: 'img' } },
    });
  });
});

describeWithShared('recorded answers of Shadeform', (shared) => {
  const batch = (file: string): OfferBatch => {
    const text = readFileSync(join(shared, 'data', 'upstreams', 'shadeform', file), 'utf8');
    return shadeformBatch(shadeformAnswer.parse(JSON.parse(text)).instance_types);
  };

  it('reads the answer of the quickstart', () => {
    expect(batch('1-quickstart-instance-types.json')).toMatchObject({
      rejected: [],
      offers: [
        {
          gpuType: 'RTX-A6000',
          gpuCount: 1,
          gpuMemoryGb: 48,
          pricePerGpuHour: '0.57',
          pricePerNodeHour: '0.57',
          pricing: 'on_demand',
          region: 'kansascity-usa-1',
          availability: 'available',
          ramGb: 48,
        },
      ],
    });
  });

  it('holds back the example that contradicts itself, in both regions', () => {
    const { offers, rejected } = batch('2-openapi-example-instance-types.json');
    expect(offers).toEqual([]);
    expect(new Set(rejected.map(({ row: name }) => name))).toEqual(
      new Set(['hyperstack|A6000|us-central-1', 'hyperstack|A6000|us-central-2']),
    );
  });
});
