import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { connectAdapter, describeAdapter, describeRenting } from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { RunpodAdapter } from './runpod.adapter';
import { readGraphqlCard, readRestCard } from './runpod.catalogue';
import { runpodBatch } from './runpod.rows';

/** An entry of gpuTypes, in the fields that matter. */
const card = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 'NVIDIA H100 PCIe',
  displayName: 'H100 PCIe',
  memoryInGb: 80,
  maxGpuCount: 8,
  secureCloud: true,
  communityCloud: false,
  securePrice: 2.19,
  communityPrice: 0.5,
  secureSpotPrice: 1.25,
  communitySpotPrice: null,
  clusterPrice: 2.628,
  ...changes,
});
const graphql = (...rows: unknown[]): OfferBatch => runpodBatch(rows.map(readGraphqlCard));
const rest = (...rows: unknown[]): OfferBatch => runpodBatch(rows.map(readRestCard));
const ids = ({ offers }: OfferBatch): string[] => offers.map(({ externalId }) => externalId);
const offer = ({ offers }: OfferBatch, id: string) => offers.find(({ externalId }) => externalId === id);

describe('rows of RunPod', () => {
  it('offers a card in sizes of 1, 2, 4 and 8, on demand and spot, where its cloud sells it', () => {
    const batch = graphql(card());
    expect(ids(batch)).toEqual(
      ['on_demand', 'spot'].flatMap((kind) => [1, 2, 4, 8].map((count) => `NVIDIA H100 PCIe|secure|${kind}|${count}`)),
    );
    expect(offer(batch, 'NVIDIA H100 PCIe|secure|on_demand|8')).toMatchObject({
      gpuType: 'H100-PCIE',
      gpuCount: 8,
      gpuMemoryGb: 80,
      pricePerGpuHour: '2.19',
      pricePerNodeHour: '17.52',
      currency: 'USD',
      region: 'global',
      availability: 'unknown',
      cpuCores: null,
      attributes: { cloud: 'secure' },
    });
  });

  it('stops at the largest size of each cloud', () => {
    const batch = graphql(
      card({ communityCloud: true, maxGpuCount: 8, maxGpuCountCommunityCloud: 2, secureSpotPrice: null }),
    );
    expect(ids(batch).filter((id) => id.includes('community'))).toEqual([
      'NVIDIA H100 PCIe|community|on_demand|1',
      'NVIDIA H100 PCIe|community|on_demand|2',
    ]);
    expect(ids(batch).filter((id) => id.includes('secure'))).toHaveLength(4);
  });

  it.each([
    ['a card that neither cloud sells', card({ secureCloud: false }), 'not_for_sale'],
    ['the entry without a card', card({ id: 'unknown', memoryInGb: 0, secureCloud: false, securePrice: 0 }), 'no_gpu'],
    ['an entry without id', card({ id: '' }), 'malformed'],
    ['something else than an entry', null, 'malformed'],
  ])('rejects %s', (_what, row, reason) => {
    expect(graphql(row)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it.each([
    [0, 'price_zero'],
    [null, 'price_missing'],
    ['soon', 'malformed'],
    [9_999, 'price_placeholder'],
  ])('rejects the price %p of a cloud that says it sells the card', (securePrice, reason) => {
    const batch = graphql(card({ securePrice, maxGpuCount: 1, secureSpotPrice: null }));
    expect(batch).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('lists a card nobody knows under its name', () => {
    const batch = graphql(
      card({ id: 'NVIDIA R100', displayName: 'R100', memoryInGb: 288, maxGpuCount: 1, secureSpotPrice: null }),
    );
    expect(batch.offers).toMatchObject([{ gpuType: 'R100', gpuMatch: 'unknown', gpuMemoryGb: 288 }]);
  });

  it('prices a partition as the part of the card that it is', () => {
    const id = 'NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb';
    const batch = graphql(card({ id, memoryInGb: 24, securePrice: 0.5, secureSpotPrice: null, maxGpuCount: 1 }));
    expect(batch.offers).toMatchObject([
      { gpuType: 'RTX-PRO-6000-SE', gpuCount: 0.25, gpuMemoryGb: 96, pricePerNodeHour: '0.5', pricePerGpuHour: '2' },
    ]);
  });

  it.each([
    [{ id: 'NVIDIA A100-SXM4-80GB MIG 1g.10gb', memoryInGb: 10 }, 'A100-80GB-SXM', 0.125, '8'],
    [{ id: 'NVIDIA B200', displayName: 'B200 MIG 1g.23gb', memoryInGb: 23 }, 'B200', 23 / 180, '7.826'],
  ])('prices the slice %j per whole card', (changes, gpuType, gpuCount, perGpu) => {
    const [slice] = graphql(card({ ...changes, maxGpuCount: 1, securePrice: 1, secureSpotPrice: null })).offers;
    expect(slice).toMatchObject({ gpuType, gpuCount, pricePerNodeHour: '1' });
    expect(slice?.pricePerGpuHour.slice(0, 5)).toBe(perGpu);
  });

  it('keeps a slice of a card of unknown size apart from the card', () => {
    const [slice] = graphql(card({ id: 'NVIDIA H100 MIG 3g.40gb', displayName: null, memoryInGb: 40 })).offers;
    expect(slice).toMatchObject({ gpuType: 'NVIDIA H100 MIG 3g.40gb', gpuMatch: 'unknown', gpuMemoryGb: 40 });
  });

  it('reads the stock of each size in each cloud', () => {
    const batch = graphql(
      card({
        secureSpotPrice: null,
        secure1: { stockStatus: 'High', availableGpuCounts: [1, 2, 3], minVcpu: 16, minMemory: 188 },
        secure2: { stockStatus: 'Low', availableGpuCounts: [1, 2, 3], minVcpu: 32, minMemory: 376 },
        secure4: { stockStatus: 'Low', availableGpuCounts: [1, 2, 3] },
        secure8: { stockStatus: null, availableGpuCounts: null },
      }),
    );
    expect(
      batch.offers.map(({ gpuCount, availability, cpuCores, ramGb }) => [gpuCount, availability, cpuCores, ramGb]),
    ).toEqual([
      [1, 'available', 16, 188],
      [2, 'limited', 32, 376],
      [4, 'unavailable', null, null],
      [8, 'unavailable', null, null],
    ]);
  });

  it.each([
    ['Medium', 'available'],
    ['None', 'unavailable'],
    ['Plenty', 'unknown'],
  ])('takes the stock word %s for %s', (stockStatus, availability) => {
    const batch = graphql(card({ maxGpuCount: 1, secureSpotPrice: null, secure1: { stockStatus } }));
    expect(batch.offers).toMatchObject([{ availability }]);
  });

  it('reads the REST catalogue, where ceilings stand per cloud and spot does not', () => {
    const batch = rest({
      id: 'NVIDIA L4',
      name: 'L4',
      memory: 24,
      secure: true,
      community: false,
      price: { secure: 0.43, community: 0.44, serverless: 0.69 },
      maxCount: { secure: 2, community: 4 },
      availability: 'LOW',
    });
    expect(batch.offers).toMatchObject([
      { externalId: 'NVIDIA L4|secure|on_demand|1', pricePerNodeHour: '0.43', availability: 'limited' },
      { externalId: 'NVIDIA L4|secure|on_demand|2', pricePerNodeHour: '0.86', availability: 'limited' },
    ]);
    expect(rest({ id: 'NVIDIA L4', secure: true }, {})).toMatchObject({
      rejected: [{ reason: 'price_missing' }, { reason: 'malformed' }],
    });
  });
});

const CREDENTIALS = { api_key: 'rp-secret-key-1' };

describeAdapter(RunpodAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'a price list',
      cloud: () => ({
        body: {
          data: {
            gpuTypes: [
              card(),
              card({ id: 'NVIDIA R100', displayName: 'R100' }),
              card({ id: 'unknown', secureCloud: false }),
            ],
          },
        },
      }),
      offers: 16,
      unknownGpus: ['R100'],
    },
    { name: 'a list with one bad entry', cloud: () => ({ body: { data: { gpuTypes: [7] } } }), offers: 0 },
  ],
});

const GONE = 'There are no longer any instances available with the requested specifications.';

describeRenting(RunpodAdapter, {
  credentials: CREDENTIALS,
  check: {
    sends: { path: '/graphql' },
    works: { body: { data: { myself: { id: 'u1' } } } },
    refused: [{ body: { data: { myself: null } } }, { body: { errors: [{ message: 'Unauthorized' }], data: null } }],
  },
  booking: {
    offer: 'NVIDIA L4|secure|on_demand|1',
    // A spot offer needs a bid.
    notOffers: ['NVIDIA L4|secure|spot|4', 'NVIDIA L4|secure|on_demand|0', 'NVIDIA L4'],
    refusals: [
      [{ body: { errors: [{ message: GONE }], data: null } }, 'capacity'],
      [{ status: 500, body: 'create pod: There are no instances currently available' }, 'capacity'],
      [{ body: { errors: [{ message: 'Something went wrong' }] } }, 'malformed'],
      [{ body: { data: { pod: null } } }, 'malformed'],
    ],
  },
});

describe('RunpodAdapter', () => {
  const to = connectAdapter(RunpodAdapter);

  const variables = () =>
    JSON.parse(to.cloud.requests[0]?.body ?? '{}') as { query: string; variables: { input: unknown } };

  it('asks for prices and the stock of every size in one call', async () => {
    to.cloud.use(() => ({ body: { data: { gpuTypes: [] } } }));
    await to.adapter.getOffers(null);
    expect(to.cloud.requests).toHaveLength(1);
    expect(variables().query).toContain('community8: lowestPrice(input: {gpuCount: 8, secureCloud: false})');
    expect(to.cloud.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('falls back on the REST catalogue when the query is refused and a key is there', async () => {
    to.cloud.use(({ path }) =>
      path === '/graphql'
        ? { status: 400, body: { errors: [{ message: 'Cannot query field "securePrice"' }] } }
        : {
            body: {
              gpus: [{ id: 'NVIDIA L4', memory: 24, secure: true, price: { secure: 0.43 }, maxCount: { secure: 1 } }],
            },
          },
    );
    const { offers } = await to.adapter.pull({ credentials: CREDENTIALS });
    expect(offers).toMatchObject([{ externalId: 'NVIDIA L4|secure|on_demand|1' }]);
    expect(to.cloud.requests[1]?.headers.authorization).toBe(`Bearer ${CREDENTIALS.api_key}`);
  });

  it('reports what went wrong first when the REST catalogue fails too, and does not ask it without a key', async () => {
    to.cloud.use(({ path }) =>
      path === '/graphql' ? { body: { errors: [{ message: 'no' }], data: null } } : { status: 500 },
    );
    await expect(to.adapter.pull({ credentials: CREDENTIALS })).rejects.toMatchObject({ reason: 'malformed' });
    expect(to.cloud.requests).toHaveLength(2);
    to.cloud.use(() => ({ body: { errors: [{ message: 'no' }] } }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'malformed' });
    expect(to.cloud.requests).toHaveLength(1);
  });

  it('books an on-demand pod in the cloud of the offer', async () => {
    to.cloud.use(() => ({ body: { data: { pod: { id: 'pod1' } } } }));
    const booked = await to.adapter.bookInstance('NVIDIA L4|community|on_demand|2', 5, {
      credentials: CREDENTIALS,
      label: 'b-1',
    });
    expect(booked).toMatchObject({ instanceId: 'pod1', durationHours: 5, status: 'provisioning' });
    expect(variables().query).toContain('podFindAndDeployOnDemand');
    expect(variables().variables.input).toMatchObject({
      cloudType: 'COMMUNITY',
      gpuTypeId: 'NVIDIA L4',
      gpuCount: 2,
      name: 'b-1',
    });
    expect(variables().variables.input).not.toHaveProperty('bidPerGpu');
  });

  it('books a spot pod through the call that makes spot, at a bid per GPU', async () => {
    to.cloud.use(() => ({ body: { data: { pod: { id: 'pod2' } } } }));
    await to.adapter.bookInstance('NVIDIA L4|secure|spot|4', 1, { credentials: CREDENTIALS, bidPerNodeHour: '1.00' });
    expect(variables().query).toContain('podRentInterruptable');
    expect(variables().variables.input).toMatchObject({ cloudType: 'SECURE', gpuCount: 4, bidPerGpu: 0.25 });
  });

  it('terminates a pod, and is content when it is gone already', async () => {
    to.cloud.use(() => ({ body: { data: { podTerminate: null } } }));
    await to.adapter.terminate('pod1', { credentials: CREDENTIALS });
    expect(variables().variables.input).toEqual({ podId: 'pod1' });
    to.cloud.use(() => ({ body: { errors: [{ message: 'pod not found to terminate' }], data: null } }));
    await expect(to.adapter.terminate('pod1', { credentials: CREDENTIALS })).resolves.toBeUndefined();
    to.cloud.use(() => ({ body: { errors: [{ message: 'try later' }], data: null } }));
    await expect(to.adapter.terminate('pod1', { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'malformed',
    });
    to.cloud.use(() => ({ status: 500 }));
    await expect(to.adapter.terminate('pod1', { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'status_5xx',
    });
  });
});

describeWithShared('recorded answers of RunPod', (shared) => {
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(join(shared, 'data', 'upstreams', 'runpod', file), 'utf8'));
  const recorded = () => graphql(...(read('1-graphql-gpuTypes-array.json') as unknown[]));
  const prices = (batch: OfferBatch, id: string, count: number) =>
    Object.fromEntries(
      batch.offers
        .filter(({ externalId, gpuCount }) => externalId.startsWith(`${id}|`) && gpuCount === count)
        .map(({ externalId, pricePerNodeHour }) => [externalId.split('|').slice(1, 3).join(' '), pricePerNodeHour]),
    );

  it.each([
    ['AMD Instinct MI300X OAM', 8, { 'secure on_demand': '19.92', 'secure spot': '11.92' }],
    ['NVIDIA B200', 8, { 'secure on_demand': '51.12' }],
    ['NVIDIA L4', 1, { 'secure on_demand': '0.43', 'secure spot': '0.22' }],
    ['NVIDIA A30', 1, { 'community on_demand': '0.22', 'community spot': '0.11' }],
    ['NVIDIA GeForce RTX 3070', 1, { 'community on_demand': '0.13', 'community spot': '0.07' }],
    [
      'NVIDIA H100 80GB HBM3',
      1,
      { 'secure on_demand': '2.99', 'community on_demand': '2.69', 'secure spot': '1.75', 'community spot': '1.5' },
    ],
    [
      'NVIDIA H100 80GB HBM3',
      8,
      { 'secure on_demand': '23.92', 'community on_demand': '21.52', 'secure spot': '14', 'community spot': '12' },
    ],
    [
      'NVIDIA H100 PCIe',
      1,
      { 'secure on_demand': '2.19', 'community on_demand': '1.99', 'secure spot': '1.25', 'community spot': '1.35' },
    ],
    ['Tesla V100-FHHL-16GB', 1, { 'community on_demand': '0.19', 'community spot': '0.1' }],
    ['unknown', 1, {}],
  ])('prices %s × %d', (id, count, expected) => {
    expect(prices(recorded(), id, count)).toEqual(expected);
  });

  it('recognises every card, of unknown stock, and rejects only the entry that is none', () => {
    const batch = recorded();
    expect(batch.offers.filter(({ gpuMatch }) => gpuMatch === 'unknown')).toEqual([]);
    expect(new Set(batch.offers.map(({ availability }) => availability))).toEqual(new Set(['unknown']));
    expect(batch.rejected).toMatchObject([{ reason: 'no_gpu', row: 'unknown' }]);
    expect(offer(batch, 'Tesla V100-FHHL-16GB|community|on_demand|1')).toMatchObject({
      gpuType: 'V100-FHHL-16GB',
      gpuFamily: 'V100',
      gpuMemoryGb: 16,
    });
    expect(offer(batch, 'AMD Instinct MI300X OAM|secure|spot|1')).toMatchObject({
      gpuType: 'MI300X',
      gpuMemoryGb: 192,
    });
    expect(offer(batch, 'NVIDIA H100 80GB HBM3|secure|spot|1')).toMatchObject({ gpuType: 'H100-SXM', gpuMemoryGb: 80 });
  });

  it('reads the documented REST catalogue', () => {
    const documented = read('2-rest-v2-catalog-examples.json') as { 'GET /v2/catalog/gpus': { gpus: unknown[] } };
    const batch = rest(...documented['GET /v2/catalog/gpus'].gpus);
    expect(prices(batch, 'NVIDIA GeForce RTX 4090', 1)).toEqual({
      'secure on_demand': '0.44',
      'community on_demand': '0.31',
    });
    expect(prices(batch, 'NVIDIA GeForce RTX 4090', 4)).toEqual({
      'secure on_demand': '1.76',
      'community on_demand': '1.24',
    });
    expect(prices(batch, 'NVIDIA GeForce RTX 4090', 8)).toEqual({ 'secure on_demand': '3.52' });
    expect(batch.offers).toMatchObject(batch.offers.map(() => ({ gpuType: 'RTX-4090', availability: 'available' })));
  });

  it('reads the documented GraphQL answers', () => {
    const answers = read('3-graphql-documented-answers.json') as { data: { gpuTypes: unknown[] } }[];
    const batches = answers.map(({ data }) => graphql(...data.gpuTypes));
    expect(batches[0]?.offers).toEqual([]);
    expect(batches[1]?.offers).toMatchObject([
      {
        gpuType: 'RTX-3090',
        gpuMemoryGb: 24,
        pricePerGpuHour: '0.3',
        availability: 'unknown',
        attributes: { cloud: 'community' },
      },
    ]);
    expect(
      batches[2]?.offers.map(({ gpuType, gpuCount, pricePerGpuHour, availability, attributes }) => [
        gpuType,
        gpuCount,
        pricePerGpuHour,
        availability,
        attributes['cloud'],
      ]),
    ).toEqual([
      ['RTX-A4000', 1, '0.35', 'available', 'secure'],
      ['RTX-A4000', 2, '0.35', 'available', 'secure'],
      ['RTX-A4000', 4, '0.35', 'available', 'secure'],
    ]);
    expect(
      batches[3]?.offers.map(({ gpuCount, pricePerGpuHour, availability }) => [
        gpuCount,
        pricePerGpuHour,
        availability,
      ]),
    ).toEqual([
      [1, '0.24', 'limited'],
      [2, '0.24', 'limited'],
      [4, '0.24', 'limited'],
    ]);
  });
});
