import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidBookingError, type ProviderOffer } from '@gpubroker/provider-adapter/adapter';
import {
  connectAdapter,
  describeAdapter,
  describeRenting,
  type StubRequest,
} from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { VastaiAdapter } from './vastai.adapter';
import { vastBatch, type VastSearchType } from './vastai.rows';
import { splitSlice, VAST_ANSWER_LIMIT } from './vastai.slices';

interface Row {
  readonly id: number;
  readonly gpu_name: string;
  readonly num_gpus: number;
  readonly gpu_ram: number;
  readonly dph_base: number;
  readonly dph_total: number;
  readonly [field: string]: unknown;
}

/** A row as the search sends it, in the fields that matter. */
const row = (changes: Partial<Row> = {}): Row => ({
  id: 7,
  gpu_name: 'RTX 4090',
  num_gpus: 2,
  gpu_ram: 24_564,
  gpu_total_ram: 49_128,
  gpu_frac: 0.25,
  cpu_cores: 64,
  cpu_cores_effective: 16,
  cpu_ram: 64_437,
  disk_space: 1_484,
  dph_base: 0.6,
  dph_total: 0.602222,
  min_bid: 0.31,
  storage_cost: 0.2,
  geolocation: 'Utah, US',
  rentable: true,
  rented: false,
  is_bid: false,
  verification: 'verified',
  reliability2: 0.991,
  end_date: 1_790_793_441,
  ...changes,
});

const offersOf = (type: VastSearchType, ...rows: unknown[]): readonly ProviderOffer[] =>
  vastBatch([{ type, rows }]).offers;

describe('rows of Vast.ai', () => {
  it('turns a row into an offer of the whole machine part', () => {
    expect(offersOf('on-demand', row())).toMatchObject([
      {
        provider: 'vastai',
        externalId: '7|on_demand',
        gpuType: 'RTX-4090',
        gpuCount: 2,
        gpuMemoryGb: 24,
        cpuCores: 16,
        ramGb: 64.437,
        storageGb: 1_484,
        pricePerNodeHour: '0.6',
        pricePerGpuHour: '0.3',
        pricing: 'on_demand',
        region: 'us-utah',
        macroRegion: 'us',
        availability: 'available',
        attributes: {
          verification: 'verified',
          price_with_default_disk: 0.602222,
          listed_until: '2026-09-30T18:37:21.000Z',
        },
      },
    ]);
  });

  it.each([
    ['no place', row({ geolocation: null }), { region: 'global', macroRegion: null }],
    ['no CPU count', row({ cpu_cores_effective: null }), { cpuCores: null }],
    ['no RAM', row({ cpu_ram: 0 }), { ramGb: null }],
    [
      'a memory that is not shipped',
      row({ gpu_ram: 49_140 }),
      { gpuMemoryGb: 47.99, attributes: { gpu_memory_unusual: true } },
    ],
    ['no memory', row({ gpu_ram: null as never }), { gpuMemoryGb: 24 }],
    ['a rented machine', row({ rented: true }), { availability: 'unavailable' }],
    ['a machine that is not for rent', row({ rentable: false }), { availability: 'unavailable' }],
    [
      'a deverified host',
      row({ verification: 'deverified' }),
      { availability: 'available', attributes: { verification: 'deverified' } },
    ],
    ['a minimum bid above the price', row({ min_bid: 1.25 }), { pricing: 'on_demand', pricePerNodeHour: '0.6' }],
    [
      'a card nobody knows',
      row({ gpu_name: 'RTX 6090' }),
      { gpuType: 'RTX 6090', gpuMatch: 'unknown', gpuFamily: null },
    ],
    ['the D card', row({ gpu_name: 'RTX 5090D', gpu_ram: 32_607 }), { gpuType: 'RTX-5090-D', gpuFamily: 'RTX-5090-D' }],
    ['fields of other types', row({ driver_version: 535, static_ip: 'yes' }), { gpuType: 'RTX-4090' }],
    ['a price as text', row({ dph_base: '0.6' as never }), { pricePerGpuHour: '0.3' }],
    ['an absurd end', row({ end_date: 1e15 }), { gpuType: 'RTX-4090' }],
  ])('reads a row with %s', (_what, upstream, expected) => {
    expect(offersOf('on-demand', upstream)).toMatchObject([expected]);
  });

  it.each([
    ['no id', { ...row(), id: undefined }, 'malformed'],
    ['something else than a row', 'row', 'malformed'],
    ['a price of zero', row({ dph_base: 0 }), 'price_zero'],
    ['no price', row({ dph_base: null as never }), 'price_missing'],
    ['a negative price', row({ dph_base: -1 }), 'out_of_range'],
    ['a placeholder price', row({ dph_base: 99_999 }), 'price_placeholder'],
    ['no GPU', row({ num_gpus: 0 }), 'no_gpu'],
    ['a machine of another kind', row({ resource_type: 'cpu' }), 'no_gpu'],
    ['half a count', row({ num_gpus: 1.5 }), 'out_of_range'],
    ['no GPU name', row({ gpu_name: ' ' }), 'missing_field'],
  ])('rejects %s as %s', (_what, upstream, reason) => {
    const batch = vastBatch([{ type: 'on-demand', rows: [upstream] }]);
    expect(batch.offers).toEqual([]);
    expect(batch.rejected.map((rejected) => rejected.reason)).toEqual([reason]);
  });

  it('takes the kind from the search, because is_bid is false in bid answers', () => {
    expect(offersOf('bid', row())).toMatchObject([{ externalId: '7|bid', pricing: 'bid' }]);
  });

  it('makes one offer of a row that comes again in a reserved search', () => {
    const batch = vastBatch([
      { type: 'on-demand', rows: [row()] },
      { type: 'reserved', rows: [row()] },
      { type: 'bid', rows: [row({ dph_base: 0.31 })] },
    ]);
    expect(batch.offers.map(({ externalId }) => externalId)).toEqual(['7|on_demand', '7|bid']);
    expect(batch.rejected).toEqual([]);
  });
});

const CREDENTIALS = { api_key: 'vast-secret-key-1' };

describeAdapter(VastaiAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'a small market',
      cloud: ({ body }) => {
        const { type } = JSON.parse(body) as { type: string };
        const rows =
          type === 'bid'
            ? [row({ dph_base: 0.31 })]
            : [row(), row({ id: 8, gpu_name: 'RTX 6090' }), row({ id: 9, dph_base: 0 })];
        return { body: { offers: rows } };
      },
      offers: 3,
      unknownGpus: ['RTX 6090'],
    },
    { name: 'an empty market with one bad row', cloud: () => ({ body: { offers: [{}] } }), offers: 0 },
  ],
});

type Condition = Partial<Record<'gt' | 'gte' | 'lte', number>>;

/** Answers a search over a market as the API does: filtered, ordered, and cut at its limit without a word. */
function marketCloud(market: readonly Row[]): (request: StubRequest) => { body: unknown } {
  return ({ body }) => {
    const search = JSON.parse(body) as { limit: number } & Record<string, Condition | undefined>;
    const within = (value: number, { gt, gte, lte }: Condition = {}) =>
      (gt === undefined || value > gt) && (gte === undefined || value >= gte) && (lte === undefined || value <= lte);
    const found = market.filter((one) =>
      (['num_gpus', 'gpu_ram', 'dph_total'] as const).every((field) => within(one[field], search[field])),
    );
    const ordered = [...found].sort((a, b) => a.dph_total - b.dph_total || a.id - b.id);
    return { body: { offers: ordered.slice(0, Math.min(search.limit, VAST_ANSWER_LIMIT)) } };
  };
}

describeRenting(VastaiAdapter, {
  credentials: CREDENTIALS,
  check: { sends: { path: '/api/v0/users/current/' }, refused: [{ status: 404, body: { msg: 'Invalid user key' } }] },
  booking: {
    offer: '7|on_demand',
    // A bid offer needs a bid.
    notOffers: ['7', '../7|on_demand', '7|bid'],
    refusals: [
      [{ status: 410, body: { error: 'no_such_ask', msg: 'Instance type by id 7 is not available.' } }, 'capacity'],
      [{ body: { success: false } }, 'capacity'],
      [{ body: 'null' }, 'malformed'],
      [{ status: 401 }, 'unauthorized'],
    ],
  },
  termination: { instance: '991', sends: { method: 'DELETE', path: '/api/v0/instances/991/' } },
});

describe('VastaiAdapter', () => {
  const to = connectAdapter(VastaiAdapter);

  it('reads a market of 5,000 machines whole although an answer holds 1,000', async () => {
    const market = Array.from({ length: 5_000 }, (_, index) =>
      row({
        id: index + 1,
        num_gpus: [1, 1, 1, 1, 2, 4, 8][index % 7] ?? 1,
        gpu_ram: [24_564, 24_564, 24_564, 81_559, 16_380][index % 5] ?? 24_564,
        dph_base: 0.1 + (index % 1_999) / 1_000,
        dph_total: 0.1 + (index % 1_999) / 1_000,
      }),
    );
    to.cloud.use(marketCloud(market));
    const { offers, rejected } = await to.adapter.pull({ credentials: null });
    expect(rejected).toEqual([]);
    expect(offers.filter(({ pricing }) => pricing === 'on_demand')).toHaveLength(5_000);
    expect(offers).toHaveLength(10_000);
  });

  it('gives up, and gives nothing, when a slice cannot be divided any further', async () => {
    const same = Array.from({ length: 1_200 }, (_, index) => row({ id: index + 1, num_gpus: 1 }));
    to.cloud.use(marketCloud(same));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('gives up on a cloud that fills every answer whatever is asked', async () => {
    const full = Array.from({ length: VAST_ANSWER_LIMIT }, (_, index) => row({ id: index + 1, dph_total: index }));
    to.cloud.use(() => ({ body: { offers: full } }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('asks for all verification states and sends the key as bearer', async () => {
    to.cloud.use(() => ({ body: { offers: [] } }));
    await to.adapter.getOffers('k1');
    const [first] = to.cloud.requests;
    expect(first?.headers.authorization).toBe('Bearer k1');
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      type: 'on-demand',
      limit: 1_000,
      verified: { in: [true, false] },
    });
  });

  it('books an on-demand offer', async () => {
    to.cloud.use(() => ({ body: { success: true, new_contract: 991 } }));
    const booked = await to.adapter.bookInstance('7|on_demand', 3, {
      credentials: CREDENTIALS,
      label: 'booking-1',
      diskGb: 40,
    });
    expect(booked).toEqual({
      provider: 'vastai',
      offerId: '7|on_demand',
      instanceId: '991',
      durationHours: 3,
      status: 'provisioning',
    });
    expect(to.cloud.requests).toMatchObject([{ method: 'PUT', path: '/api/v0/asks/7/' }]);
    const body = JSON.parse(to.cloud.requests[0]?.body ?? '') as Record<string, unknown>;
    expect(body).toMatchObject({ disk: 40, label: 'booking-1', cancel_unavail: true });
    expect(body).not.toHaveProperty('price');
  });

  it('books a bid offer at the bid for the whole machine', async () => {
    to.cloud.use(() => ({ body: { success: true, new_contract: 992 } }));
    await to.adapter.bookInstance('7|bid', 1, { credentials: CREDENTIALS, bidPerNodeHour: '0.35' });
    expect(JSON.parse(to.cloud.requests[0]?.body ?? '')).toMatchObject({ price: 0.35 });
  });

  it.each(['0', 'much'])('sends nothing for a bid of %p', async (bidPerNodeHour) => {
    to.cloud.use(() => ({ body: { success: true, new_contract: 1 } }));
    await expect(to.adapter.bookInstance('7|bid', 1, { credentials: CREDENTIALS, bidPerNodeHour })).rejects.toThrow(
      InvalidBookingError,
    );
    expect(to.cloud.requests).toEqual([]);
  });
});

describe('splitSlice', () => {
  it('divides by GPUs, then by memory, then by price, and never loses or repeats a machine', () => {
    let slices = [
      {
        minGpus: 1,
        maxGpus: null as number | null,
        minRam: 0,
        maxRam: null as number | null,
        usdAbove: null as number | null,
        usdTo: null as number | null,
      },
    ];
    for (let round = 0; round < 12; round += 1)
      slices = slices.flatMap((slice) => [...(splitSlice(slice, [1, 2, 3]) ?? [slice])]);
    for (const [gpus, ram, usd] of [
      [1, 5_000, 0.5],
      [1, 24_564, 2],
      [3, 81_559, 2.5],
      [8, 200_000, 9],
      [100, 34_000, 1],
    ] as const) {
      const holding = slices.filter(
        (slice) =>
          gpus >= slice.minGpus &&
          gpus <= (slice.maxGpus ?? Infinity) &&
          ram >= slice.minRam &&
          ram <= (slice.maxRam ?? Infinity) &&
          usd > (slice.usdAbove ?? -1) &&
          usd <= (slice.usdTo ?? Infinity),
      );
      expect(holding).toHaveLength(1);
    }
  });
});

describeWithShared('recorded answers of Vast.ai', (shared) => {
  const answer = (file: string, type: VastSearchType) => {
    const path = join(shared, 'data', 'upstreams', 'vast', file);
    return { type, rows: (JSON.parse(readFileSync(path, 'utf8')) as { offers: unknown[] }).offers };
  };
  const answers = () => [
    answer('1-bundles-on-demand.json', 'on-demand'),
    answer('2-bundles-bid.json', 'bid'),
    answer('3-bundles-reserved.json', 'reserved'),
  ];
  const offer = (id: string) => vastBatch(answers()).offers.find(({ externalId }) => externalId === id);

  it.each([
    ['48436010|on_demand', 'RTX-5090', 4, 32, 0.64, 2.56, 'us-minnesota'],
    ['42368961|on_demand', 'RTX-5090', 1, 32, 0.52, 0.52, 'se-sweden'],
    ['50761692|on_demand', 'RTX-PRO-6000-MAXQ', 1, 96, 1.2, 1.2, 'us-florida'],
    ['44047901|on_demand', 'RTX-PRO-6000-SE', 1, 96, 1.484, 1.484, 'us-virginia'],
    ['53196714|on_demand', 'RTX-5090-D', 1, 32, 0.4, 0.4, 'tw-taiwan'],
    ['38450985|on_demand', 'V100-32GB', 1, 32, 0.026667, 0.026667, 'us-washington'],
    ['35077595|bid', 'A800-80GB', 2, 80, 0.129333, 0.258667, 'hk-hong-kong'],
    ['52216381|bid', 'A100-80GB-PCIE', 1, 80, 0.17, 0.17, 'gb-united-kingdom'],
  ])('gives %s as %s × %d', (id, gpuType, gpuCount, gpuMemoryGb, perGpu, perNode, region) => {
    const found = offer(id);
    expect(found).toMatchObject({ gpuType, gpuCount, gpuMemoryGb, region, availability: 'available' });
    expect(Number(found?.pricePerGpuHour)).toBeCloseTo(perGpu, 5);
    expect(Number(found?.pricePerNodeHour)).toBeCloseTo(perNode, 5);
  });

  it('makes ten offers of eleven rows, one of which comes twice, and rejects none', () => {
    const batch = vastBatch(answers());
    expect(batch.offers).toHaveLength(10);
    expect(batch.rejected).toEqual([]);
  });

  it('takes RAM and disk as the offer’s share, as they stand', () => {
    expect(offer('42368961|on_demand')).toMatchObject({ ramGb: 64.437, storageGb: 1_484, cpuCores: 32 });
    expect(offer('42368962|on_demand')).toMatchObject({ ramGb: 128.874, storageGb: 2_968, cpuCores: 64 });
  });

  it('keeps what is known of the hosts', () => {
    expect(offer('42368961|on_demand')?.attributes).toMatchObject({ verification: 'deverified' });
    expect(offer('50761692|on_demand')?.attributes).toMatchObject({ verification: 'unverified' });
    expect(offer('52216381|bid')?.macroRegion).toBe('uk');
  });
});
