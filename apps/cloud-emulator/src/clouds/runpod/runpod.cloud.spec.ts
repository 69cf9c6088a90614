import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { runpodCloud } from './runpod.cloud';
import { lotId, RUNPOD_CARDS } from './runpod.reference';

const KEY = 'emulator-key';
const FIELDS = `id displayName manufacturer memoryInGb maxGpuCount secureCloud communityCloud securePrice communityPrice
  secureSpotPrice communitySpotPrice clusterPrice oneWeekPrice oneMonthPrice threeMonthPrice sixMonthPrice nodeGroupDatacenters { id name }`;

type Row = Record<string, unknown>;

const newCloud = (seed = 1) => runpodCloud({ seed, speed: 1, now: Date.now });

function send(cloud: EmulatedCloud, query: string, asked: Asked & { variables?: object } = {}) {
  const { variables, ...rest } = asked;
  return ask(cloud, '/graphql', { body: { query, variables }, ...rest });
}

function gpuTypes(cloud: EmulatedCloud, fields = FIELDS, input = ''): Row[] {
  const { status, body } = send(cloud, `query { gpuTypes${input} { ${fields} } }`);
  expect(status).toBe(200);
  return (body as { data: { gpuTypes: Row[] } }).data.gpuTypes;
}

const gpuType = (cloud: EmulatedCloud, id: string, fields = FIELDS) =>
  gpuTypes(cloud, fields, `(input: {id: "${id}"})`)[0]!;
const steps = (cloud: EmulatedCloud, count: number) => {
  for (let step = 0; step < count; step += 1) cloud.market.step();
};

describeWithShared('gpuTypes beside a recorded answer', (shared) => {
  const recording = join(shared, 'data/upstreams/runpod/1-graphql-gpuTypes-array.json');
  const recorded = JSON.parse(readFileSync(recording, 'utf8')) as Row[];

  it('lists the recorded cards with the recorded flags, sizes and prices', () => {
    const rows = new Map(gpuTypes(newCloud()).map((row) => [row.id, row]));
    const compared = [
      'displayName',
      'memoryInGb',
      'maxGpuCount',
      'secureCloud',
      'communityCloud',
      'securePrice',
      'communityPrice',
      'secureSpotPrice',
      'communitySpotPrice',
    ];
    for (const one of recorded) {
      for (const member of compared)
        expect({ id: one.id, [member]: rows.get(one.id)?.[member] }).toEqual({ id: one.id, [member]: one[member] });
      expect(rows.get(one.id)?.clusterPrice).toBeCloseTo(Number(one.clusterPrice), 6);
    }
  });

  it('gives every recorded member', () => {
    const [row] = gpuTypes(newCloud());
    for (const member of Object.keys(recorded[0]!)) expect(Object.keys(row!)).toContain(member);
  });
});

describe('RunPod gpuTypes', () => {
  it('lists more than thirty cards and the pseudo-card', () => {
    const rows = gpuTypes(newCloud());
    expect(rows.length).toBeGreaterThan(31);
    expect(rows.at(-1)).toMatchObject({
      id: 'unknown',
      memoryInGb: 0,
      securePrice: 0,
      communityPrice: 0,
      secureCloud: false,
      communityCloud: false,
    });
  });

  it('shows a filler price where a tier does not sell the card, before and after prices moved', () => {
    const cloud = newCloud();
    for (const moved of [0, 5_000]) {
      steps(cloud, moved);
      expect(gpuType(cloud, 'NVIDIA B200')).toMatchObject({
        communityCloud: false,
        communityPrice: 0.5,
        secureSpotPrice: null,
        communitySpotPrice: null,
      });
      expect(gpuType(cloud, 'NVIDIA GeForce RTX 3070')).toMatchObject({
        secureCloud: false,
        securePrice: 0,
        clusterPrice: 0,
      });
      expect(gpuType(cloud, 'NVIDIA A30')).toMatchObject({
        secureCloud: false,
        securePrice: 0.41,
        secureSpotPrice: 0.21,
      });
    }
  });

  it('prices a cluster at 1.2 times secure', () => {
    expect(gpuType(newCloud(), 'NVIDIA H100 80GB HBM3')).toMatchObject({ securePrice: 2.99, clusterPrice: 3.588 });
  });

  it('answers a list of ids', () => {
    expect(gpuTypes(newCloud(), 'id', '(input: {ids: ["NVIDIA L4", "NVIDIA L40"]})').map(({ id }) => id)).toEqual([
      'NVIDIA L4',
      'NVIDIA L40',
    ]);
  });

  it('moves spot prices in whole cents, and list prices seldom', () => {
    const cloud = newCloud();
    const spots = new Set<unknown>();
    const lists = new Set<unknown>();
    for (let halfHour = 0; halfHour < 48; halfHour += 1) {
      const row = gpuType(cloud, 'NVIDIA H100 80GB HBM3');
      spots.add(row.secureSpotPrice);
      lists.add(row.securePrice);
      steps(cloud, 30);
    }
    expect(spots.size).toBeGreaterThan(2);
    expect(lists.size).toBeLessThan(4);
    for (const price of spots) expect(Number((Number(price) * 100).toFixed(6)) % 1).toBe(0);
  });
});

describe('RunPod lowestPrice', () => {
  const LOWEST =
    'stockStatus uninterruptablePrice minimumBidPrice minVcpu minMemory availableGpuCounts maxUnreservedGpuCount countryCode';
  const lowest = (cloud: EmulatedCloud, id: string, input: string) =>
    gpuType(cloud, id, `a: lowestPrice(input: ${input}) { ${LOWEST} }`).a as Row;

  it('is per GPU, while vCPU and memory are for the count', () => {
    const cloud = newCloud();
    const one = lowest(cloud, 'NVIDIA L4', '{gpuCount: 1, secureCloud: true}');
    const four = lowest(cloud, 'NVIDIA L4', '{gpuCount: 4, secureCloud: true}');
    expect(four.uninterruptablePrice).toBe(one.uninterruptablePrice);
    expect(four.minMemory).toBe(4 * Number(one.minMemory));
  });

  it('takes the cheaper tier when none is named', () => {
    const cloud = newCloud();
    expect(lowest(cloud, 'NVIDIA A100 80GB PCIe', '{gpuCount: 1}').uninterruptablePrice).toBe(1.19);
    expect(lowest(cloud, 'NVIDIA A100 80GB PCIe', '{gpuCount: 1, secureCloud: true}').uninterruptablePrice).toBe(1.64);
  });

  it.each([
    ['the tier does not sell the card', 'NVIDIA B200', '{gpuCount: 1, secureCloud: false}'],
    ['no machine has so many', 'NVIDIA B200', '{gpuCount: 9, secureCloud: true}'],
    ['the data centre is another', 'NVIDIA B200', '{gpuCount: 1, dataCenterId: "XX-1"}'],
    ['the country is another', 'NVIDIA B200', '{gpuCount: 1, countryCode: "ZZ"}'],
  ])('is all null when %s', (_why, id, input) => {
    expect(lowest(newCloud(), id, input)).toMatchObject({
      uninterruptablePrice: null,
      minimumBidPrice: null,
      stockStatus: null,
      availableGpuCounts: [],
      countryCode: null,
    });
  });

  it('says None with a price when stock is gone, and uses every word in the course of a week', () => {
    const cloud = newCloud();
    const seen = new Map<unknown, Row>();
    for (let hour = 0; hour < 168; hour += 1) {
      const row = lowest(cloud, 'NVIDIA L4', '{gpuCount: 10, secureCloud: true}');
      seen.set(row.stockStatus, row);
      steps(cloud, 60);
    }
    expect(new Set(seen.keys())).toEqual(new Set(['High', 'Medium', 'Low', 'None']));
    expect(seen.get('None')?.uninterruptablePrice).toEqual(expect.any(Number));
  });

  it('has no bid price where there is no spot', () => {
    expect(lowest(newCloud(), 'NVIDIA B200', '{gpuCount: 1}').minimumBidPrice).toBeNull();
  });

  it('refuses a count of zero', () => {
    const { status } = send(newCloud(), '{ gpuTypes { lowestPrice(input: {gpuCount: 0}) { stockStatus } } }');
    expect(status).toBe(400);
  });
});

describe('RunPod data centres', () => {
  it('lists where a card stands and how much is left', () => {
    const { body } = send(
      newCloud(),
      '{ dataCenters { id name location gpuAvailability { id displayName available stockStatus } } }',
    );
    const { dataCenters } = (body as { data: { dataCenters: { id: string; gpuAvailability: Row[] }[] } }).data;
    expect(dataCenters.map(({ id }) => id)).toContain('US-KS-2');
    expect(dataCenters.every(({ gpuAvailability }) => gpuAvailability.length > 0)).toBe(true);
  });
});

describe('RunPod booking', () => {
  const DEPLOY =
    'mutation ($input: PodFindAndDeployOnDemandInput) { podFindAndDeployOnDemand(input: $input) { id gpuCount costPerHr desiredStatus machine { podHostId } } }';
  const RENT = 'mutation ($input: PodRentInterruptableInput!) { podRentInterruptable(input: $input) { id costPerHr } }';
  const TERMINATE = 'mutation ($input: PodTerminateInput!) { podTerminate(input: $input) }';
  const H100 = 'NVIDIA H100 80GB HBM3';
  const pod = (extra: object = {}) => ({
    input: { gpuTypeId: H100, gpuCount: 2, cloudType: 'SECURE', name: 'run 1', imageName: 'pytorch', ...extra },
  });
  const free = (cloud: EmulatedCloud, tier: 'secure' | 'community') =>
    cloud.market.quote(
      lotId(
        RUNPOD_CARDS.find(({ id }) => id === H100)!,
        tier,
        'on_demand',
      ),
    )!.free;
  const dataOf = (answer: { body: unknown }) =>
    (answer.body as { data: Record<string, { id: string; costPerHr: number } | null> }).data;

  it('deploys, shows the pod to its owner, and gives the cards back', () => {
    const cloud = newCloud();
    const before = free(cloud, 'secure');
    const deployed = dataOf(send(cloud, DEPLOY, { key: KEY, variables: pod() })).podFindAndDeployOnDemand!;
    expect(deployed).toMatchObject({ gpuCount: 2, costPerHr: 5.98, desiredStatus: 'RUNNING' });
    expect(free(cloud, 'secure')).toBe(before - 2);
    expect(send(cloud, '{ myself { id clientBalance pods { id name } } }', { key: KEY }).body).toMatchObject({
      data: { myself: { pods: [{ id: deployed.id, name: 'run 1' }] } },
    });
    expect(send(cloud, TERMINATE, { key: KEY, variables: { input: { podId: deployed.id } } }).body).toEqual({
      data: { podTerminate: null },
    });
    expect(free(cloud, 'secure')).toBe(before);
  });

  it('tries community first when any tier will do', () => {
    const cloud = newCloud();
    expect(
      dataOf(send(cloud, DEPLOY, { key: KEY, variables: pod({ cloudType: 'ALL', gpuCount: 1 }) }))
        .podFindAndDeployOnDemand?.costPerHr,
    ).toBe(2.69);
  });

  it('rents spot at the bid, and none below the floor or without one', () => {
    const cloud = newCloud();
    expect(
      dataOf(send(cloud, RENT, { key: KEY, variables: pod({ bidPerGpu: 1.8 }) })).podRentInterruptable?.costPerHr,
    ).toBe(3.6);
    for (const bid of [{ bidPerGpu: 0.5 }, {}]) {
      expect(send(cloud, RENT, { key: KEY, variables: pod(bid) }).body).toMatchObject({
        data: null,
        errors: [{ message: expect.stringMatching(/bid/i) as unknown }],
      });
    }
  });

  it.each([
    ['more cards than a machine has', { gpuCount: 99 }],
    ['a card that is not sold', { gpuTypeId: 'NVIDIA RTX 9090' }],
    ['a tier that does not sell it', { gpuTypeId: 'NVIDIA B200', cloudType: 'COMMUNITY' }],
  ])('says that no instances are available for %s', (_what, extra) => {
    const answer = send(newCloud(), DEPLOY, { key: KEY, variables: pod(extra) });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        data: null,
        errors: [{ message: expect.stringContaining('no longer any instances available') as unknown }],
      },
    });
    expect(send(newCloud(), RENT, { key: KEY, variables: pod({ ...extra, bidPerGpu: 90 }) }).body).toMatchObject({
      data: null,
    });
  });

  it('runs out of cards', () => {
    const cloud = newCloud();
    const pods = Array.from(
      { length: 40 },
      () => send(cloud, DEPLOY, { key: KEY, variables: pod({ gpuCount: 8 }) }).body as { errors?: unknown },
    );
    expect(pods.at(-1)?.errors).toBeDefined();
    expect(send(cloud, RENT, { key: KEY, variables: pod({ gpuCount: 8, bidPerGpu: 9 }) }).body).toMatchObject({
      data: null,
    });
  });

  it('fails as HTTP 500 with a text when nothing is left', () => {
    const answer = send(newCloud(), DEPLOY, { key: KEY, variables: pod(), soldOut: true });
    expect(answer).toMatchObject({
      status: 500,
      body: expect.stringContaining('no instances currently available') as unknown,
    });
    expect(send(newCloud(), '{ gpuTypes { id } }', { soldOut: true }).status).toBe(200);
  });

  it.each([
    ['another owner', 'emulator-other', 'emupod7100001'],
    ['a pod that is gone', KEY, 'emupod1'],
    ['nonsense', KEY, 'x'],
  ])('does not terminate for %s', (_what, key, podId) => {
    const cloud = newCloud();
    send(cloud, DEPLOY, { key: KEY, variables: pod() });
    expect(send(cloud, TERMINATE, { key, variables: { input: { podId } } }).body).toMatchObject({
      errors: [{ message: 'pod not found to terminate' }],
    });
  });

  it("wants a key for what is somebody's own", () => {
    for (const query of ['{ myself { id } }', DEPLOY, TERMINATE]) {
      expect(send(newCloud(), query, { variables: pod() })).toMatchObject({
        status: 200,
        body: { data: null, errors: [{ message: 'Unauthorized' }] },
      });
    }
  });

  it('refuses a wrong key, as header or as query', () => {
    expect(send(newCloud(), '{ myself { id } }', { key: 'wrong' }).status).toBe(401);
    expect(send(newCloud(), '{ myself { id } }', { query: { api_key: 'wrong' } }).status).toBe(401);
    expect(send(newCloud(), '{ myself { id } }', { query: { api_key: KEY } })).toMatchObject({
      status: 200,
      body: { data: { myself: { id: 'emulator-user' } } },
    });
  });
});

describe('RunPod requests that cannot be answered', () => {
  it.each([
    ['a field that is not there', { query: '{ gpuTypes { colour } }' }],
    ['an object without a selection', { query: '{ gpuTypes }' }],
    ['a selection of a scalar', { query: '{ gpuTypes { id { x } } }' }],
    ['a document that ends too early', { query: '{ gpuTypes {' }],
    ['a wrong argument', { query: '{ gpuTypes(input: {id: 5}) { id } }' }],
    ['no query', {}],
  ])('are 400 for %s', (_what, body) => {
    expect(ask(newCloud(), '/graphql', { body })).toMatchObject({
      status: 400,
      body: { errors: [{ message: expect.any(String) as unknown }] },
    });
  });

  it('are 404 elsewhere and 405 by GET', () => {
    expect(ask(newCloud(), '/v2/pods').status).toBe(404);
    expect(ask(newCloud(), '/graphql').status).toBe(405);
  });

  it('name a type when asked', () => {
    expect(send(newCloud(), '{ __typename }').body).toEqual({ data: { __typename: 'Query' } });
  });
});
