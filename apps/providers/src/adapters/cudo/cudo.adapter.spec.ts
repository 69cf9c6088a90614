import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { connectAdapter, describeAdapter, describeRenting } from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { CudoAdapter } from './cudo.adapter';
import { cudoAnswer, cudoBatch } from './cudo.rows';

const usd = (value: unknown) => ({ value });
const RATES = { vcpuPriceHr: usd('0.0049'), memoryGibPriceHr: usd('0.0049'), gpuPriceHr: usd('1.5') };

/** A machine type. Prices are decimal strings, per vCPU, GiB, GPU, GiB of disk and address. */
const row = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  dataCenterId: 'no-kristiansand-1',
  machineType: 'epyc-genoa-a100-pcie',
  cpuModel: 'host-passthrough',
  gpuModel: 'A100 80GB PCIe',
  gpuModelId: 'nvidia-a100-pcie',
  minVcpuPerMemoryGib: 0.25,
  maxVcpuPerMemoryGib: 1,
  minVcpuPerGpu: 1,
  maxVcpuPerGpu: 22,
  ...RATES,
  minStorageGibPriceHr: usd('0.00014'),
  ipv4PriceHr: usd('0.0035'),
  renewableEnergy: false,
  maxVcpuFree: 158,
  maxMemoryGibFree: 2_167,
  maxGpuFree: 1,
  totalGpuFree: 12,
  maxStorageGibFree: 390_390,
  minVcpu: 0,
  minMemoryGib: 0,
  prices: [{ ...RATES, commitmentTerm: 'COMMITMENT_TERM_NONE' }],
  ...changes,
});
const batchOf = (...rows: unknown[]): OfferBatch => cudoBatch(rows);

describe('rows of CUDO Compute', () => {
  it('prices GPU, vCPU, memory, disk and address together, and shows the parts', () => {
    expect(batchOf(row()).offers).toMatchObject([
      {
        externalId: 'no-kristiansand-1|epyc-genoa-a100-pcie|1|4|16',
        gpuType: 'A100-80GB-PCIE',
        gpuMemoryGb: 80,
        pricePerNodeHour: '1.6155',
        currency: 'USD',
        pricing: 'on_demand',
        region: 'no-kristiansand-1',
        macroRegion: 'eu',
        availability: 'available',
        cpuCores: 4,
        ramGb: 16,
        storageGb: 100,
        attributes: {
          price_includes: ['gpu', 'cpu', 'ram', 'disk', 'ipv4'],
          gpu_usd_per_hour: '1.5',
          disk_usd_per_gib_hour: '0.00014',
        },
      },
    ]);
  });

  it('sells as many GPUs together as one host has free, not as all of them have', () => {
    const { offers } = batchOf(row({ maxGpuFree: 6, totalGpuFree: 12 }));
    expect(offers.map(({ gpuCount, pricePerNodeHour }) => [gpuCount, pricePerNodeHour])).toEqual([
      [1, '1.6155'],
      // Disk and address once, not per GPU.
      [2, '3.2135'],
      [4, '6.4095'],
    ]);
  });

  it.each([
    ['no GPU is free', { maxGpuFree: 0 }, 'unavailable'],
    ['nobody says how many are free', { maxGpuFree: null }, 'unknown'],
    ['too few vCPUs are free', { maxVcpuFree: 2 }, 'unavailable'],
    ['too little memory is free', { maxMemoryGibFree: 8 }, 'unavailable'],
    ['too little disk is free', { maxStorageGibFree: 50 }, 'unavailable'],
    [
      'the other limits are not told',
      { maxVcpuFree: null, maxMemoryGibFree: null, maxStorageGibFree: null },
      'available',
    ],
  ])('still lists one GPU when %s', (_what, changes, availability) => {
    expect(batchOf(row(changes)).offers).toMatchObject([{ gpuCount: 1, availability }]);
  });

  it('reads limits that are words', () => {
    expect(batchOf(row({ maxVcpuPerGpu: 'Infinity' })).offers).toMatchObject([{ cpuCores: 4 }]);
  });

  it('takes the rates without commitment for on demand, and keeps the others beside it', () => {
    const { offers } = batchOf(
      row({
        gpuPriceHr: usd('9'),
        prices: [
          { ...RATES, gpuPriceHr: usd('1.2'), commitmentTerm: 'COMMITMENT_TERM_1_MONTH' },
          { ...RATES, commitmentTerm: 'COMMITMENT_TERM_NONE' },
          null,
        ],
      }),
    );
    expect(offers).toMatchObject([
      {
        pricePerNodeHour: '1.6155',
        attributes: { commitment_prices: [{ term: 'COMMITMENT_TERM_1_MONTH', gpu_usd_per_hour: '1.2' }] },
      },
    ]);
  });

  it('reads counts that come as text, and takes none for none', () => {
    expect(batchOf(row({ maxGpuFree: '6', maxVcpuFree: 'Infinity', minVcpu: '' })).offers).toMatchObject([
      { gpuCount: 1, availability: 'available' },
      { gpuCount: 2 },
      { gpuCount: 4 },
    ]);
    expect(batchOf(row({ maxGpuFree: '' })).offers).toMatchObject([{ availability: 'unknown' }]);
  });

  it('falls back on the type for a rate that the list of rates leaves out', () => {
    const prices = [{ gpuPriceHr: usd('1.2'), commitmentTerm: 'COMMITMENT_TERM_NONE' }];
    expect(batchOf(row({ prices })).offers).toMatchObject([{ pricePerNodeHour: '1.3155' }]);
  });

  it('reads the older shape, which has no list of rates', () => {
    expect(batchOf(row({ prices: undefined, minVcpu: undefined })).offers).toMatchObject([
      { pricePerNodeHour: '1.6155' },
    ]);
  });

  it('flags a price whose other parts are not told, and takes 0 for free', () => {
    const { offers } = batchOf(row({ minStorageGibPriceHr: null, ipv4PriceHr: usd('0') }));
    expect(offers).toMatchObject([
      {
        pricePerNodeHour: '1.598',
        attributes: {
          price_includes: ['gpu', 'cpu', 'ram', 'ipv4'],
          price_partial: true,
          price_unknown_for: ['disk'],
        },
      },
    ]);
  });

  const gpuPrice = (value: unknown) => row({ gpuPriceHr: usd(value), prices: null });
  it.each([
    ['no GPU', row({ gpuModel: '' }), 'no_gpu'],
    ['a GPU price of 0', gpuPrice('0'), 'price_zero'],
    ['no GPU price', row({ gpuPriceHr: null, prices: null }), 'price_missing'],
    ['a GPU price in words', gpuPrice('ask'), 'malformed'],
    ['a placeholder', gpuPrice('9999'), 'price_placeholder'],
    ['limits that no size keeps', row({ minVcpu: 100 }), 'out_of_range'],
    ['no name', row({ machineType: null }), 'malformed'],
    ['nothing', null, 'malformed'],
  ])('rejects a row with %s', (_what, one, reason) => {
    expect(batchOf(one)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('lists a card nobody knows under its name', () => {
    expect(batchOf(row({ gpuModel: 'R100 SXM' })).offers).toMatchObject([{ gpuType: 'R100 SXM', gpuMatch: 'unknown' }]);
  });
});

const CREDENTIALS = { api_key: 'cudo-secret-key-1', project_id: 'my project' };

describeAdapter(CudoAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'machine types',
      cloud: () => ({
        body: {
          machineTypes: [row({ maxGpuFree: 2 }), row({ machineType: 'x', gpuModel: 'R100' }), row({ gpuModel: '' }), 7],
        },
      }),
      offers: 3,
      unknownGpus: ['R100'],
    },
  ],
});

const OFFER = 'no-kristiansand-1|epyc-genoa-a100-pcie|2|8|32';

describeRenting(CudoAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { path: '/v1/projects/my%20project' }, refused: [{ status: 404 }] },
  booking: {
    offer: OFFER,
    notOffers: ['epyc-genoa-a100-pcie', 'no-kristiansand-1|epyc-genoa-a100-pcie|0|8|32'],
    refusals: [
      [{ status: 400, body: { message: 'not enough resources: insufficient capacity' } }, 'capacity'],
      [{ body: {} }, 'malformed'],
    ],
  },
  termination: { instance: 'vm-1', sends: { method: 'POST', path: '/v1/projects/my%20project/vms/vm-1/terminate' } },
});

describe('CudoAdapter', () => {
  const to = connectAdapter(CudoAdapter);

  it('reads the public list without a key', async () => {
    to.cloud.use(() => ({ body: { machineTypes: [] } }));
    await to.adapter.getOffers(CREDENTIALS.api_key);
    expect(to.cloud.requests).toMatchObject([{ path: '/v1/vms/machine-types' }]);
    expect(to.cloud.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('books the size that was quoted, with an address', async () => {
    to.cloud.use(() => ({ body: { id: 'b-1', vm: {} } }));
    expect(await to.adapter.bookInstance(OFFER, 2, { credentials: CREDENTIALS, label: 'B 1' })).toMatchObject({
      instanceId: 'b-1',
      durationHours: 2,
    });
    expect(to.cloud.requests).toMatchObject([{ method: 'POST', path: '/v1/projects/my%20project/vm' }]);
    expect(JSON.parse(to.cloud.requests[0]?.body ?? '')).toMatchObject({
      vmId: 'b-1',
      dataCenterId: 'no-kristiansand-1',
      machineType: 'epyc-genoa-a100-pcie',
      gpus: 2,
      vcpus: 8,
      memoryGib: 32,
      bootDisk: { sizeGib: 100 },
      nics: [{ assignPublicIp: true }],
    });
  });

  it('gives a machine without a label a name of its own', async () => {
    to.cloud.use(() => ({ body: { id: 'x' } }));
    await to.adapter.bookInstance(OFFER, 1, { credentials: CREDENTIALS });
    expect(JSON.parse(to.cloud.requests[0]?.body ?? '')).toMatchObject({
      vmId: expect.stringMatching(/^gpubroker-[0-9a-f]{8}$/) as string,
    });
  });
});

describeWithShared('recorded answers of CUDO Compute', (shared) => {
  const batch = (file: string): OfferBatch => {
    const text = readFileSync(join(shared, 'data', 'upstreams', 'cudo', file), 'utf8');
    return cudoBatch(cudoAnswer.parse(JSON.parse(text)).machineTypes);
  };
  const AUGUST = '1-machine-types-2026-08-22.json';
  const JULY = '2-machine-types-2026-07-30.json';

  it.each([
    [AUGUST, 'no-kristiansand-1|epyc-genoa-a100-pcie|1|4|16', 'A100-80GB-PCIE', 80, '1.6155', 'available'],
    [AUGUST, 'no-kristiansand-1|epyc-genoa-a100-pcie|2|8|32', 'A100-80GB-PCIE', 80, '3.2135', 'available'],
    [AUGUST, 'no-kristiansand-1|sapphire-rapids-h100|1|4|20', 'H100-SXM', 80, '1.9291', 'available'],
    [AUGUST, 'no-kristiansand-1|epyc-genoa-l40s-graphics|1|4|16', 'L40S', 48, '0.9855', 'available'],
    [JULY, 'no-kristiansand-1|epyc-genoa-l40s-graphics|1|4|16', 'L40S', 48, '0.9855', 'unavailable'],
    ['3-machine-type-2024.json', 'no-luster-1|epyc-rome-rtx-a5000|1|4|15', 'RTX-A5000', 24, '0.5936', 'available'],
  ])('reads of %s the offer %s', (file, id, gpuType, gpuMemoryGb, pricePerNodeHour, availability) => {
    expect(batch(file).offers.find(({ externalId }) => externalId === id)).toMatchObject({
      gpuType,
      gpuMemoryGb,
      pricePerNodeHour,
      availability,
      pricing: 'on_demand',
    });
  });

  it('rejects the type without a GPU and offers nothing of eight cards where a host has six', () => {
    const { offers, rejected } = batch(AUGUST);
    expect(rejected).toMatchObject([{ reason: 'no_gpu', row: 'se-skarholmen-1|epyc-genoa' }]);
    expect(offers.filter(({ gpuCount }) => gpuCount === 8)).toEqual([]);
  });
});
