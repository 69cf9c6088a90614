import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidBookingError, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { connectAdapter, describeAdapter } from '@gpubroker/provider-adapter/conformance';
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

describe('LambdaAdapter', () => {
  const to = connectAdapter(LambdaAdapter);

  const OFFER = 'gpu_1x_a10|us-east-1|on_demand';

  it('shows its key to the list', async () => {
    to.cloud.use(() => ({ body: { data: {} } }));
    await to.adapter.pull({ credentials: CREDENTIALS });
    expect(to.cloud.requests[0]).toMatchObject({
      path: '/instance-types',
      headers: { authorization: 'Bearer lambda-secret-1' },
    });
  });

  it.each([
    [{ body: { data: [] } }, true],
    [{ status: 401 }, false],
    [{ status: 403 }, false],
  ])('takes %j for credentials that work: %p', async (answer, valid) => {
    to.cloud.use(() => answer);
    expect(await to.adapter.validateCredentials(CREDENTIALS)).toBe(valid);
  });

  it('cannot say whether credentials work when the cloud fails', async () => {
    to.cloud.use(() => ({ status: 500 }));
    await expect(to.adapter.validateCredentials(CREDENTIALS)).rejects.toMatchObject({ reason: 'status_5xx' });
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

  it.each([
    [{ status: 400, body: { error: { code: 'instance-operations/launch/insufficient-capacity' } } }, 'capacity'],
    [{ status: 500, body: 'Not enough capacity to fulfill launch request.' }, 'capacity'],
    [{ status: 500 }, 'status_5xx'],
    [{ body: { data: { instance_ids: [] } } }, 'malformed'],
  ])('turns the answer %j to a launch into %s, and asks once only', async (answer, reason) => {
    to.cloud.use(({ path }) => (path === '/ssh-keys' ? { body: { data: [{ name: 'mine' }] } } : answer));
    await expect(to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS })).rejects.toMatchObject({ reason });
    expect(to.cloud.requests).toHaveLength(2);
  });

  it('has no capacity for an offer that no region had', async () => {
    to.cloud.use(() => ({ body: {} }));
    await expect(
      to.adapter.bookInstance('gpu_1x_a10|none|on_demand', 1, { credentials: CREDENTIALS }),
    ).rejects.toMatchObject({ reason: 'capacity' });
    expect(to.cloud.requests).toEqual([]);
  });

  it.each([
    ['gpu_1x_a10', 1],
    [OFFER, 0],
  ])('sends nothing for a wrong booking of %s for %d hours', async (offerId, hours) => {
    to.cloud.use(() => ({ body: {} }));
    await expect(to.adapter.bookInstance(offerId, hours, { credentials: CREDENTIALS })).rejects.toThrow(
      InvalidBookingError,
    );
    expect(to.cloud.requests).toEqual([]);
  });

  it('terminates a machine, and is content when it is gone already', async () => {
    to.cloud.use(() => ({ body: { data: { terminated_instances: [] } } }));
    await to.adapter.terminate('i-1', { credentials: CREDENTIALS });
    expect(to.cloud.requests[0]).toMatchObject({
      path: '/instance-operations/terminate',
      body: '{"instance_ids":["i-1"]}',
    });
    to.cloud.use(() => ({ status: 404, body: { error: { code: 'global/object-does-not-exist' } } }));
    await expect(to.adapter.terminate('i-1', { credentials: CREDENTIALS })).resolves.toBeUndefined();
    to.cloud.use(() => ({ status: 500 }));
    await expect(to.adapter.terminate('i-1', { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'status_5xx',
    });
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
