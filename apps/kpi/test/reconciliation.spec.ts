import fc from 'fast-check';
import type { GpuKpiDto, MarketShareDto, PriceDistributionDto, PricePercentilesDto } from '@gpubroker/contracts/kpi';
import type { OfferState } from '@gpubroker/contracts/events';
import { Client } from 'pg';
import { foldOffers } from '../src/projection/fold';
import { reconcile } from '../src/reconciliation/reconcile';
import { reconcileCommand } from '../src/reconciliation/reconcile.command';
import type { KpiSnapshot } from '../src/reconciliation/snapshot';
import { Catalogue } from './support/catalogue';
import { anOffer, syncEvent } from './support/market-log';
import { startKpi, type RunningKpi } from './support/running-kpi';

const RUNS = { numRuns: 20, endOnFailure: true } as const;
const catalogue = new Catalogue();
let kpi: RunningKpi;
let client: Client;
let providersUrl: string;

beforeAll(async () => {
  [kpi, providersUrl] = await Promise.all([startKpi(), catalogue.start()]);
  client = new Client({ connectionString: kpi.database.url });
  await client.connect();
  catalogue.stale = new Set(['azure']);
  await kpi.log.publish(
    ...['runpod', 'vastai', 'lambda'].map((provider) => syncEvent({ provider })),
    syncEvent({ provider: 'azure', at: new Date(Date.now() - 7_200_000).toISOString() }),
  );
  await kpi.caughtUp();
});

afterAll(async () => {
  await client.end();
  await kpi.stop();
  await catalogue.stop();
});

const GPUS = [
  ['H100-SXM', 'H100'],
  ['H100-PCIE', 'H100'],
  ['RTX-4090', 'RTX-4090'],
  ['Quantum 9', null],
] as const;

const anyOffer = fc
  .record({
    gpu: fc.constantFrom(...GPUS),
    provider: fc.constantFrom('runpod', 'vastai', 'lambda', 'azure'),
    price_per_hour: fc.oneof(
      fc.integer({ min: 1, max: 200_000 }).map((price) => price / 10_000),
      fc.constantFrom(0.5, 2.49, 1_000),
    ),
    gpu_count: fc.option(fc.constantFrom(0.25, 1, 2, 8)),
    currency: fc.oneof({ weight: 5, arbitrary: fc.constant('USD') }, { weight: 1, arbitrary: fc.constant('EUR') }),
    availability_status: fc.constantFrom('available', 'limited', 'unavailable'),
  })
  .map(({ gpu: [gpu_type, gpu_family], ...offer }): Partial<OfferState> => ({ ...offer, gpu_type, gpu_family }));
const anyMarket = fc
  .array(anyOffer, { maxLength: 150 })
  .map((offers) => offers.map((offer, at) => anOffer(`o-${String(at).padStart(4, '0')}`, offer)));

async function sell(offers: readonly OfferState[]): Promise<void> {
  await client.query('BEGIN; DELETE FROM kpi.offers');
  await foldOffers(
    client,
    offers.map((payload) => ({ id: payload.offer_id, key: payload.offer_id, payload, storedAt: new Date() })),
  );
  await client.query('COMMIT');
  catalogue.offers = offers;
}

const snapshot = async (): Promise<KpiSnapshot> =>
  (await (await fetch(`${kpi.service.url}/internal/kpi/snapshot`)).json()) as KpiSnapshot;
async function gpu(name: string): Promise<GpuKpiDto> {
  const found = (await snapshot()).gpus[name];
  if (found === undefined) throw new Error(`kpi knows no ${name}`);
  return found;
}
const compare = (withinMs = 5_000) => reconcile({ kpiUrl: kpi.service.url, providersUrl, withinMs });

it('finds every figure of any market as the catalogue has it', async () => {
  await fc.assert(
    fc.asyncProperty(anyMarket, async (offers) => {
      await sell(offers);
      expect(await compare()).toMatchObject({ version: '7', offers: offers.length, differences: [] });
    }),
    RUNS,
  );
});

it('has histograms whose buckets add up, without gaps', async () => {
  const holds = ({ total, items }: PriceDistributionDto) => {
    expect(items.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    for (const [at, { from, to }] of items.entries()) {
      expect(to).toBeGreaterThan(from);
      if (at > 0) expect(from).toBe(items[at - 1]?.to);
    }
  };
  await fc.assert(
    fc.asyncProperty(anyMarket, async (offers) => {
      await sell(offers);
      holds((await snapshot()).distribution);
    }),
    RUNS,
  );
});

it('has shares that add up to one', async () => {
  const total = (items: MarketShareDto['items'], part: 'share' | 'gpu_share') =>
    items.reduce((sum, item) => sum + item[part], 0);
  await fc.assert(
    fc.asyncProperty(anyMarket, async (offers) => {
      await sell(offers);
      const { items } = (await snapshot()).share;
      for (const part of ['share', 'gpu_share'] as const)
        expect(total(items, part)).toBeCloseTo(items.length === 0 ? 0 : 1, 12);
    }),
    RUNS,
  );
});

it('has percentiles in their order', async () => {
  const pricesOf = fc.array(
    fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 2_500_000 })),
    { minLength: 1, maxLength: 60 },
  );
  await sell([anOffer('one')]);
  await fc.assert(
    fc.asyncProperty(pricesOf, async (points) => {
      await client.query('TRUNCATE kpi.price_points, kpi.last_prices, kpi.day_prices');
      for (const [offer, price, secondsBack] of points)
        await client.query(
          `INSERT INTO kpi.price_points VALUES ($1, now() - make_interval(secs => $2), gen_random_uuid(), 'runpod', 'H100-SXM', $3, 'USD', 'available')`,
          [`o-${offer}`, secondsBack, price / 10_000],
        );
      const windows: readonly PricePercentilesDto[] = Object.values((await gpu('H100-SXM')).price_percentiles);
      expect(windows).toHaveLength(3);
      for (const { p10, p25, p50, p75, p90 } of windows) {
        const ranked = [p10, p25, p50, p75, p90].map(Number);
        expect(ranked).toEqual(ranked.toSorted((one, other) => one - other));
      }
      const counts = windows.map(({ prices }) => prices);
      expect(counts).toEqual(counts.toSorted((one, other) => one - other));
    }),
    RUNS,
  );
});

describe('the command', () => {
  const said: string[] = [];
  const run = (...argv: string[]) =>
    reconcileCommand(argv, { KPI_URL: kpi.service.url, PROVIDERS_URL: providersUrl }, (line) => void said.push(line));

  beforeEach(async () => {
    said.length = 0;
    await sell([anOffer('a'), anOffer('b', { price_per_hour: 3 })]);
  });

  it('ends with 0 when all figures agree', async () => {
    expect(await run()).toBe(0);
    expect(said[0]).toMatch(/^\d+ figures of kpi beside 2 offers of catalogue version 7: all agree$/);
  });

  it('ends with 1 and prints what differs', async () => {
    catalogue.offers = [anOffer('a'), anOffer('b', { price_per_hour: 3.5 })];
    expect(await run('--within', '0')).toBe(1);
    expect(said).toContain('overview.avg_price_per_hour: expected 2.75, found 2.5');
    expect(said).toContain('gpus.H100.max_price_per_hour: expected 3.5, found 3');
  });

  it('ends with 1 when a day of the trend is not what the price points make it', async () => {
    await client.query(
      `INSERT INTO kpi.price_points VALUES ('t', now() - interval '3 days', gen_random_uuid(), 'runpod', 'T4', 1, 'USD', 'available')`,
    );
    await client.query('UPDATE kpi.last_prices SET price_per_hour = 2');
    expect(await run('--within', '0')).toBe(1);
    expect(said.filter((line) => line.startsWith('trend['))).toContainEqual(
      expect.stringContaining('avg_price_per_hour'),
    );
    await client.query('TRUNCATE kpi.price_points, kpi.last_prices, kpi.day_prices');
  });

  it('ends with 1 when kpi misses a GPU or a cloud', async () => {
    catalogue.offers = [...catalogue.offers, anOffer('c', { gpu_type: 'T4', gpu_family: 'T4', provider: 'verda' })];
    expect(await run('--within', '0')).toBe(1);
    expect(said.some((line) => line.startsWith('gpus.T4'))).toBe(true);
    expect(said.some((line) => line.startsWith('providers.verda'))).toBe(true);
  });

  it.each([[['--within']], [['--within', 'long']], [['--for', '3']], [['--within', '3', '4']]])(
    'ends with 2 for %j',
    async (argv) => {
      expect(await run(...argv)).toBe(2);
      expect(said[0]).toContain('usage');
    },
  );

  it('fails when a service does not answer', async () => {
    const nobody = 'http://127.0.0.1:9';
    await expect(reconcile({ kpiUrl: nobody, providersUrl, withinMs: 0 })).rejects.toThrow('kpi does not answer');
    await expect(reconcile({ kpiUrl: kpi.service.url, providersUrl: nobody, withinMs: 0 })).rejects.toThrow();
  });
});
