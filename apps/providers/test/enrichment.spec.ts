import type { ProviderItemDetailDto, ProviderItemDto, ProviderListDto } from '@gpubroker/contracts/offers';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { MathCoreStandIn, type StandInMode } from './support/math-core-stand-in';
import type { Card } from './support/runpod-cloud';
import { startProviders, type RunningProviders } from './support/running-providers';

const UNKNOWN: Card[] = Array.from({ length: 12 }, (_, at) => ({
  id: `NVIDIA Test Card ${at}`,
  memoryInGb: 24,
  securePrice: 5 + at,
}));
const CARDS: Card[] = [
  { id: 'NVIDIA H100 80GB HBM3', memoryInGb: 80, securePrice: 2.99 },
  { id: 'NVIDIA H100 PCIe', memoryInGb: 80, securePrice: 2.19 },
  { id: 'NVIDIA A40', memoryInGb: 48, securePrice: 0.4 },
  { id: 'NVIDIA RTX A4000', memoryInGb: 16, securePrice: 0.35 },
  ...UNKNOWN,
];
const SPEEDS: Readonly<Record<string, number>> = { 'H100-SXM': 103.1942, 'H100-PCIE': 76.5, A40: 31.25 };
const GFLOPS: Readonly<Record<string, number>> = {
  'H100-SXM': 989_500,
  'H100-PCIE': 756_000,
  A40: 149_700,
  'RTX-A4000': 76_700,
};
const AWAY = expect.stringContaining('math-core does not answer') as string;

/** As often as it may be, so that a change is seen within a test's patience; refused calls open no circuit here. */
const OFTEN = { MATH_REFRESH_SECONDS: '1', MATH_TIMEOUT_MS: '300', MATH_BREAKER_FAILURES: '1000' };

function standIn(): MathCoreStandIn {
  const mathCore = new MathCoreStandIn();
  for (const [gpu, gflops] of Object.entries(GFLOPS))
    mathCore.rates.set(gpu, { tokensPerSecond: SPEEDS[gpu] ?? null, gflops });
  return mathCore;
}

const start = (mathCore: MathCoreStandIn, env: Record<string, string> = OFTEN, database?: FreshDatabase) =>
  startProviders({
    sells: CARDS,
    env: { MATH_ENRICHMENT: 'on', MATH_CORE_URL: mathCore.url, ...env },
    ...(database && { database }),
  });

const isCosted = ({ total, items, warnings }: ProviderListDto) =>
  total === CARDS.length && warnings === undefined && items.some(({ cost_per_token }) => cost_per_token !== null);

const naiveCost = ({ price_per_hour, gpu_type }: ProviderItemDto): number | null => {
  const speed = SPEEDS[gpu_type];
  return speed === undefined ? null : Number((price_per_hour / 3600 / speed).toPrecision(6));
};

describe('offers with math-core there', () => {
  let mathCore: MathCoreStandIn;
  let providers: RunningProviders;

  beforeAll(async () => {
    mathCore = standIn();
    await mathCore.start();
    providers = await start(mathCore);
    await providers.until(isCosted, '?per_page=100');
  });

  afterAll(async () => {
    await providers.stop();
    await mathCore.stop();
  });

  it('carry what a token and a GFLOP cost, in six significant digits', async () => {
    const { items } = await providers.list('?per_page=100');
    for (const item of items) {
      const gflops = GFLOPS[item.gpu_type];
      expect(item.cost_per_token).toBe(naiveCost(item));
      expect(item.cost_per_gflop).toBe(
        gflops === undefined ? null : Number((item.price_per_hour / gflops).toPrecision(6)),
      );
    }
    expect(items.find(({ gpu_type }) => gpu_type === 'H100-SXM')?.cost_per_token).toBe(0.00000804847);
  });

  it('carry the same in detail, and say how it came about', async () => {
    const [listed] = (await providers.list('?gpu_type=h100-sxm')).items;
    const detail = (await (await providers.get(`/api/v2/providers/${listed?.id}`)).json()) as ProviderItemDetailDto;
    expect(detail).toMatchObject({ cost_per_token: listed?.cost_per_token, cost_per_gflop: listed?.cost_per_gflop });
    expect(detail.explanation.join(' ')).toContain(
      'A generated token costs 0.00000804847 USD: 2.99 USD per GPU-hour over 3600 seconds of 103.194 tokens each',
    );
  });

  it('were asked about as one question for each GPU, not for each offer', () => {
    for (const gpus of mathCore.asked) expect(new Set(gpus).size).toBe(gpus.length);
    expect(mathCore.asked.at(-1)?.toSorted()).toEqual(
      expect.arrayContaining(['A40', 'H100-PCIE', 'H100-SXM', 'RTX-A4000']),
    );
  });

  it.each(['cost_per_token', '-cost_per_token'])(
    'stand in the order of %s over all pages, unknown ones last',
    async (sort) => {
      const walked: ProviderItemDto[] = [];
      const { meta } = await providers.list();
      for (const page of [1, 2])
        walked.push(...(await providers.list(`?sort=${sort}&per_page=10&page=${page}&version=${meta.version}`)).items);
      const all = (await providers.list(`?per_page=100&version=${meta.version}`)).items;
      const known = (item: ProviderItemDto) => naiveCost(item) ?? Number.NaN;
      const expected = [
        ...all
          .filter((item) => naiveCost(item) !== null)
          .sort((a, b) => (known(a) - known(b)) * (sort.startsWith('-') ? -1 : 1)),
        ...all.filter((item) => naiveCost(item) === null).sort((a, b) => (a.id < b.id ? -1 : 1)),
      ];
      expect(walked.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    },
  );

  it('are a new state with a new ETag when a rate changes, and the old state stays as it was', async () => {
    const query = '?sort=cost_per_token&per_page=100';
    const before = await providers.list(query);
    const etag = (await providers.get(`/api/v2/providers${query}`)).headers.get('etag') ?? '';
    mathCore.rates.set('H100-SXM', { tokensPerSecond: 1, gflops: 1 });
    const after = await providers.until(
      ({ items }) => items.some(({ cost_per_gflop }) => cost_per_gflop === 2.99),
      query,
    );
    expect(Number(after.meta.version)).toBeGreaterThan(Number(before.meta.version));
    expect((await providers.get(`/api/v2/providers${query}`, { 'if-none-match': etag })).status).toBe(200);
    const kept = await providers.list(`${query}&version=${before.meta.version}`);
    expect(kept.items.map(costsOf)).toEqual(before.items.map(costsOf));
    mathCore.rates.set('H100-SXM', standIn().rates.get('H100-SXM') ?? { tokensPerSecond: null, gflops: null });
    await providers.until(({ items }) => items.every(({ cost_per_gflop }) => cost_per_gflop !== 2.99), query);
  });

  it('make no new state as long as no rate changes', async () => {
    const versions = () => providers.sql<{ n: string }>('SELECT max(catalogue_version) AS n FROM providers.gpu_rates');
    const [before] = await versions();
    const asked = mathCore.asked.length;
    await eventually(
      () => Promise.resolve(mathCore.asked.length),
      (now) => now > asked + 1,
    );
    expect(await versions()).toEqual([before]);
  });

  it('show the circuit round math-core in metrics and health', async () => {
    expect(await providers.metrics()).toMatch(/gpubroker_breaker_state\{name="math-core"[^}]*\} 0/);
    expect(await (await providers.get('/health')).json()).toMatchObject({
      math_core: 'up',
      details: { math_core: { breaker: 'closed' } },
    });
  });
});

const costsOf = ({ id, cost_per_token, cost_per_gflop }: ProviderItemDto) => [id, cost_per_token, cost_per_gflop];

describe('offers with math-core away', () => {
  let mathCore: MathCoreStandIn;
  let providers: RunningProviders;
  let before: unknown;

  const costs = async () => (await providers.list('?sort=cost_per_token&per_page=100')).items.map(costsOf);

  beforeAll(async () => {
    mathCore = standIn();
    await mathCore.start();
    providers = await start(mathCore);
    await providers.until(isCosted, '?per_page=100');
    before = await costs();
  });

  afterAll(async () => {
    await providers.stop();
    await mathCore.stop();
  });

  async function expectLastKnown(): Promise<void> {
    const { warnings } = await providers.until(({ warnings: told }) => told !== undefined);
    expect(warnings).toEqual([AWAY]);
    expect(await costs()).toEqual(before);
    expect(await (await providers.get('/health')).json()).toMatchObject({ status: 'degraded', math_core: 'down' });
  }

  async function expectRecovered(): Promise<void> {
    await providers.until(isCosted, '?per_page=100');
    expect(await costs()).toEqual(before);
  }

  it.each<StandInMode>(['hang', 'error', 'garbage', 'another_shape', 'too_few', 'refuses'])(
    'keep the last known costs and say so while it answers with %s',
    async (mode) => {
      mathCore.mode = mode;
      await expectLastKnown();
      mathCore.mode = 'ok';
      await expectRecovered();
    },
  );

  it('keep them while it is dead, and in detail say so too', async () => {
    await mathCore.stop();
    await expectLastKnown();
    const [first] = (await providers.list('?sort=cost_per_token')).items;
    const detail = (await (await providers.get(`/api/v2/providers/${first?.id}`)).json()) as ProviderItemDetailDto;
    expect(detail.cost_per_token).toBe(first?.cost_per_token);
    expect(detail.explanation.join(' ')).toContain('its figures are the last known ones');
    await mathCore.start();
    await expectRecovered();
  });
});

describe('a service that starts', () => {
  let mathCore: MathCoreStandIn;
  let providers: RunningProviders | undefined;

  beforeEach(async () => {
    mathCore = standIn();
    await mathCore.start();
  });

  afterEach(async () => {
    await providers?.stop();
    providers = undefined;
    await mathCore.stop().catch(() => undefined);
  });

  it('while math-core is away shows null and says so, and the costs once it is there', async () => {
    await mathCore.stop();
    providers = await start(mathCore);
    const { items } = await providers.until(({ total, warnings }) => total === CARDS.length && warnings !== undefined);
    expect(new Set(items.map(({ cost_per_token }) => cost_per_token))).toEqual(new Set([null]));
    await mathCore.start();
    await providers.until(isCosted, '?per_page=100');
  });

  it('answers lists while its first question to math-core hangs', async () => {
    mathCore.mode = 'hang';
    providers = await start(mathCore, { MATH_TIMEOUT_MS: '60000' });
    const answer = () => Promise.resolve(mathCore.asked.length);
    await eventually(answer, (asked) => asked === 1);
    const { warnings } = await providers.until(({ total }) => total === CARDS.length);
    // No verdict yet: the question is still open.
    expect(warnings).toBeUndefined();
    expect(await answer()).toBe(1);
  });

  it('stops asking for a while when math-core fails again and again', async () => {
    mathCore.mode = 'error';
    providers = await start(mathCore, { ...OFTEN, MATH_BREAKER_FAILURES: '2' });
    const { metrics } = providers;
    await eventually(metrics, (text) => /gpubroker_breaker_state\{name="math-core"[^}]*\} 2/.test(text));
    expect(mathCore.asked).toHaveLength(2);
  });

  it('again while math-core is away shows what was known before', async () => {
    const database = await freshDatabase();
    const first = await start(mathCore, OFTEN, database);
    const { items } = await first.until(isCosted, '?sort=cost_per_token&per_page=100');
    await first.service.stop();
    await first.cloud.stop();
    await mathCore.stop();
    providers = await start(mathCore, OFTEN, database);
    const again = await providers.until(({ warnings }) => warnings !== undefined, '?sort=cost_per_token&per_page=100');
    expect(again.items.map(costsOf)).toEqual(items.map(costsOf));
  });

  it('asks about a new model at once, however rarely it asks otherwise', async () => {
    mathCore.rates.set('L4', { tokensPerSecond: 17, gflops: 121_000 });
    providers = await start(mathCore, { MATH_REFRESH_SECONDS: '86400' });
    await providers.until(isCosted, '?per_page=100');
    providers.cloud.sells(...CARDS, { id: 'NVIDIA L4', memoryInGb: 24, securePrice: 0.44 });
    const { items } = await providers.until(
      ({ items: [item] }) => typeof item?.cost_per_token === 'number',
      '?gpu_type=l4',
    );
    expect(items[0]?.cost_per_token).toBe(Number((0.44 / 3600 / 17).toPrecision(6)));
  });

  it('asks once more soon after math-core failed, however rarely it asks otherwise', async () => {
    mathCore.mode = 'error';
    providers = await start(mathCore, { MATH_REFRESH_SECONDS: '86400' });
    await providers.until(({ warnings }) => warnings !== undefined);
    mathCore.mode = 'ok';
    await providers.until(isCosted, '?per_page=100');
  });

  it('leaves names out that math-core would refuse, and the others their costs', async () => {
    providers = await start(mathCore);
    await providers.until(isCosted, '?per_page=100');
    for (const name of ['   ', '\u{1f5a5}'.repeat(60)])
      await providers.sql(
        `UPDATE gpu_offers SET gpu_type = $1 WHERE id = (SELECT id FROM gpu_offers WHERE gpu_type LIKE '%Test Card%' LIMIT 1)`,
        [name],
      );
    const asked = mathCore.asked.length;
    await eventually(
      () => Promise.resolve(mathCore.asked.length),
      (now) => now > asked + 1,
    );
    expect(
      mathCore.asked
        .slice(asked)
        .flat()
        .filter((name) => name.trim() === '' || name.length > 100),
    ).toEqual([]);
    expect((await providers.list('?sort=cost_per_token')).items[0]?.cost_per_token).not.toBeNull();
  });

  it('with MATH_ENRICHMENT=off asks nothing, shows null, and warns of nothing', async () => {
    const database = await freshDatabase();
    const first = await start(mathCore, OFTEN, database);
    await first.until(isCosted, '?per_page=100');
    await first.service.stop();
    await first.cloud.stop();
    const asked = mathCore.asked.length;
    providers = await start(mathCore, { ...OFTEN, MATH_ENRICHMENT: 'off' }, database);
    const { items, warnings } = await providers.until(({ total }) => total === CARDS.length, '?sort=cost_per_token');
    expect(new Set(items.flatMap(({ cost_per_token, cost_per_gflop }) => [cost_per_token, cost_per_gflop]))).toEqual(
      new Set([null]),
    );
    expect(warnings).toBeUndefined();
    const detail = (await (await providers.get(`/api/v2/providers/${items[0]?.id}`)).json()) as ProviderItemDetailDto;
    expect(detail.explanation.join(' ')).not.toContain('token');
    expect(mathCore.asked).toHaveLength(asked);
  });
});
