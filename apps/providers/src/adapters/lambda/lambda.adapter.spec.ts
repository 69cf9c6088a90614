import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { connectAdapter, describeAdapter, describeRenting, routes } from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { LambdaAdapter } from './lambda.adapter';
import { lambdaBatch } from './lambda.rows';

const region = (name: string) => ({ name, description: 'Somewhere' });
/** A type as the list has it. */
const type = (changes: Record<string, unknown> = {}, regions: unknown = [region('us-east-1')]) => ({
  instance_type: {
    name: 'gpu_8x_h100_sxm5',
    description: '8x H100 (80 GB SXM5)',
    gpu_description: 'H100 (80 GB SXM5)',
    price_cents_per_hour: 2392,
    specs: { vcpus: 208, memory_gib: 1800, storage_gib: 22528, gpus: 8 },
    ...changes,
  },
  regions_with_capacity_available: regions,
});
const batchOf = (...types: unknown[]): OfferBatch =>
  lambdaBatch(Object.fromEntries(types.map((one, index) => [`type_${index}`, one])));

describe('types of Lambda', () => {
  it('are priced in cents for the whole machine', () => {
    expect(batchOf(type()).offers).toMatchObject([
      {
        externalId: 'gpu_8x_h100_sxm5|us-east-1|on_demand',
        gpuType: 'H100-SXM',
        gpuCount: 8,
        gpuMemoryGb: 80,
        pricePerNodeHour: '23.92',
        pricePerGpuHour: '2.99',
        currency: 'USD',
        pricing: 'on_demand',
        region: 'us-east-1',
        macroRegion: 'us',
        availability: 'available',
        cpuCores: 208,
        ramGb: 1800,
        storageGb: 22528,
      },
    ]);
  });

  it('are one offer for each region that has them', () => {
    const { offers } = batchOf(type({}, [region('us-west-3'), region('asia-south-1')]));
    expect(offers.map(({ region: code, macroRegion }) => [code, macroRegion])).toEqual([
      ['us-west-3', 'us'],
      ['asia-south-1', 'asia'],
    ]);
  });

  it('are sold out where no region has them, and of unknown stock where none is listed', () => {
    expect(batchOf(type({}, [])).offers).toMatchObject([
      { externalId: 'gpu_8x_h100_sxm5|none|on_demand', region: 'global', availability: 'unavailable' },
    ]);
    expect(batchOf(type({}, null)).offers).toMatchObject([{ availability: 'unknown' }]);
  });

  it('keep their price when a size is missing', () => {
    const { offers } = batchOf(type({ specs: { gpus: 8, vcpus: 'many', memory_gib: null } }));
    expect(offers).toMatchObject([{ pricePerGpuHour: '2.99', cpuCores: null, ramGb: null, storageGb: null }]);
  });

  it('of older answers say card and count in one text', () => {
    const older = type({
      name: 'gpu_4x_a6000',
      description: '4x A6000 (48 GB)',
      gpu_description: undefined,
      specs: {},
    });
    expect(batchOf(older).offers).toMatchObject([{ gpuType: 'RTX-A6000', gpuCount: 4, gpuMemoryGb: 48 }]);
  });

  it('say the card in the other text where one is empty', () => {
    expect(batchOf(type({ gpu_description: '' })).offers).toMatchObject([{ gpuType: 'H100-SXM' }]);
  });

  it('with a Grace CPU are marked as ARM', () => {
    const grace = type({ name: 'gpu_1x_gh200', gpu_description: 'GH200 (96 GB)', specs: { gpus: 1 } });
    expect(batchOf(grace).offers).toMatchObject([
      { gpuType: 'GH200-96GB', attributes: { cpu_architecture: 'arm64', price_unit: 'whole_instance' } },
    ]);
    expect(batchOf(type()).offers[0]?.attributes).not.toHaveProperty('cpu_architecture');
  });

  it('of a card that nobody knows are listed under its name', () => {
    expect(batchOf(type({ gpu_description: 'R100 (288 GB)' })).offers).toMatchObject([{ gpuMatch: 'unknown' }]);
  });

  it.each([
    ['a type without GPU', type({ name: 'cpu_4x_general', gpu_description: 'N/A', specs: { gpus: 0 } }), 'no_gpu'],
    ['a CPU type without sizes', type({ name: 'cpu_4x_general', specs: null }), 'no_gpu'],
    ['a fraction of a GPU', type({ specs: { gpus: 0.5 } }), 'missing_field'],
    ['a type without count', type({ name: 'h100', specs: {} }), 'missing_field'],
    ['a price of zero', type({ price_cents_per_hour: 0 }), 'price_zero'],
    ['no price', type({ price_cents_per_hour: null }), 'price_missing'],
    ['a text for a price', type({ price_cents_per_hour: 'call us' }), 'malformed'],
    ['a placeholder', type({ price_cents_per_hour: 99_999_900 }), 'price_placeholder'],
    ['a type without name', type({ name: '' }), 'malformed'],
    ['something else', 7, 'malformed'],
  ])('are rejected: %s', (_what, row, reason) => {
    expect(batchOf(row)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });
});

const CREDENTIALS = { api_key: 'lambda-secret-1' };

describeAdapter(LambdaAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'three types',
      cloud: () => ({
        body: {
          data: {
            a: type({}, [region('us-east-1'), region('us-west-2')]),
            b: type({ name: 'gpu_1x_r100', gpu_description: 'R100 (288 GB)', specs: { gpus: 1 } }, []),
            c: type({ name: 'cpu_4x_general', gpu_description: 'N/A', specs: { gpus: 0 } }),
          },
        },
      }),
      offers: 3,
      unknownGpus: ['R100 (288 GB)'],
    },
    { name: 'an empty list', cloud: () => ({ body: { data: { x: null } } }), offers: 0 },
  ],
});

const OFFER = 'gpu_1x_a10|us-east-1|on_demand';

describeRenting(LambdaAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { path: '/instances' }, works: { body: { data: [] } } },
  booking: {
    offer: OFFER,
    notOffers: ['gpu_1x_a10'],
    cloud: (answer) =>
      routes({
        'GET /ssh-keys': { body: { data: [{ name: 'mine' }] } },
        'POST /instance-operations/launch': answer,
      }),
    requests: 2,
    refusals: [
      [{ status: 400, body: { error: { code: 'instance-operations/launch/insufficient-capacity' } } }, 'capacity'],
      [{ status: 500, body: 'Not enough capacity to fulfill launch request.' }, 'capacity'],
      [{ body: { data: { instance_ids: [] } } }, 'malformed'],
    ],
  },
  termination: { instance: 'i-1', sends: { path: '/instance-operations/terminate', body: '{"instance_ids":["i-1"]}' } },
});

describe('LambdaAdapter', () => {
  const to = connectAdapter(LambdaAdapter);

  it('shows its key to the list', async () => {
    to.cloud.use(() => ({ body: { data: {} } }));
    await to.adapter.pull({ credentials: CREDENTIALS });
    expect(to.cloud.requests[0]).toMatchObject({
      path: '/instance-types',
      headers: { authorization: 'Bearer lambda-secret-1' },
    });
  });

  it('books with the first SSH key of the account', async () => {
    to.cloud.use(({ path }) =>
      path === '/ssh-keys'
        ? { body: { data: [{ name: 'mine' }, { name: 'other' }] } }
        : { body: { data: { instance_ids: ['i-1'] } } },
    );
    const booked = await to.adapter.bookInstance(OFFER, 3, { credentials: CREDENTIALS, label: 'b-1' });
    expect(booked).toEqual({
      provider: 'lambda',
      offerId: OFFER,
      instanceId: 'i-1',
      durationHours: 3,
      status: 'provisioning',
    });
    expect(JSON.parse(to.cloud.requests[1]?.body ?? '')).toEqual({
      region_name: 'us-east-1',
      instance_type_name: 'gpu_1x_a10',
      ssh_key_names: ['mine'],
      name: 'b-1',
    });
  });

  it.each([
    [{ body: { data: [] } }, { name: 'InvalidBookingError' }],
    [{ body: { keys: [] } }, { reason: 'malformed' }],
  ])('launches nothing when the SSH keys are %j', async (answer, error) => {
    to.cloud.use(() => answer);
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS })).rejects.toMatchObject(error);
    expect(to.cloud.requests).toHaveLength(1);
  });

  it('has no capacity for an offer that no region had', async () => {
    to.cloud.use(() => ({ body: {} }));
    await expect(
      to.adapter.bookInstance('gpu_1x_a10|none|on_demand', 1, { credentials: CREDENTIALS }),
    ).rejects.toMatchObject({ reason: 'capacity' });
    expect(to.cloud.requests).toEqual([]);
  });
});

describeWithShared('recorded answers of Lambda', (shared) => {
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(join(shared, 'data', 'upstreams', 'lambda', file), 'utf8'));
  const recorded = () => lambdaBatch((read('1-instance-types.json') as { data: Record<string, unknown> }).data);

  it.each([
    ['gpu_8x_h100_sxm5', 'H100-SXM', 8, 80, '2.99', '23.92', ['us-west-3', 'us-south-2', 'us-south-3']],
    ['gpu_1x_h100_sxm5', 'H100-SXM', 1, 80, '3.29', '3.29', ['us-south-2', 'us-south-3']],
    ['gpu_1x_h100_pcie', 'H100-PCIE', 1, 80, '2.49', '2.49', ['us-west-3']],
    ['gpu_8x_b200_sxm6', 'B200', 8, 180, '4.99', '39.92', ['australia-east-1', 'us-east-1']],
    ['gpu_1x_gh200', 'GH200-96GB', 1, 96, '1.49', '1.49', []],
    ['gpu_1x_a100', 'A100-40GB-PCIE', 1, 40, '1.29', '1.29', []],
    ['gpu_1x_a100_sxm4', 'A100-40GB-SXM', 1, 40, '1.29', '1.29', ['us-east-1', 'us-west-2', 'asia-south-1']],
    ['gpu_1x_rtx6000', 'QUADRO-RTX-6000', 1, 24, '0.5', '0.5', []],
    ['gpu_8x_v100', 'V100-16GB', 8, 16, '0.55', '4.4', []],
  ])('offer %s as %s × %d', (name, gpuType, gpuCount, gpuMemoryGb, perGpu, perNode, regions) => {
    const offers = recorded().offers.filter(({ externalId }) => externalId.startsWith(`${name}|`));
    expect(offers.map(({ region: code }) => code)).toEqual(regions.length === 0 ? ['global'] : regions);
    for (const offer of offers) {
      expect(offer).toMatchObject({
        gpuType,
        gpuCount,
        gpuMemoryGb,
        pricePerGpuHour: perGpu,
        pricePerNodeHour: perNode,
        pricing: 'on_demand',
        availability: regions.length === 0 ? 'unavailable' : 'available',
      });
    }
  });

  it('recognise every card and reject only the type without one', () => {
    const { offers, rejected } = recorded();
    expect(offers.filter(({ gpuMatch }) => gpuMatch === 'unknown')).toEqual([]);
    expect(rejected).toMatchObject([{ reason: 'no_gpu', row: 'cpu_4x_general' }]);
  });

  it('hold for the documented example', () => {
    const batch = lambdaBatch(read('2-openapi-example-instance-types.json') as Record<string, unknown>);
    expect(batch.offers).toMatchObject([{ gpuType: 'GH200-96GB', pricePerNodeHour: '1.49', region: 'us-west-1' }]);
  });
});
