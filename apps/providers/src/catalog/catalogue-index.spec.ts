import fc from 'fast-check';
import { aRate, anOffer, aProvider } from '../../test/support/an-offer';
import { CatalogueIndex, type PageRequest } from './catalogue-index';
import type { CatalogueOffer } from './catalogue-offer';
import type { OfferFilters, SortKey } from './offer-query';
import { unitCosts, type GpuRate } from './unit-costs';

const everything: PageRequest = {
  filters: {},
  sort: [{ field: 'price_per_hour', descending: false }],
  page: 1,
  perPage: 100,
  textMatches: null,
};
const ids = (offers: readonly CatalogueOffer[]) => offers.map(({ id }) => id);

/** A page without what its offers cost by the unit. */
function pageOf(index: CatalogueIndex, version: number, request: PageRequest) {
  const { total, items } = index.page(version, request);
  return { total, items: items.map(({ offer }) => offer) };
}

const many = (count: number, changes: Partial<CatalogueOffer>) =>
  Array.from({ length: count }, (_, at) => anOffer({ id: `o${String(at).padStart(6, '0')}`, ...changes }));

function filled(offers: readonly CatalogueOffer[]): CatalogueIndex {
  const index = new CatalogueIndex();
  index.apply({
    version: 1,
    offers,
    providers: [aProvider(), aProvider({ id: 'p2', slug: 'runpod', reliabilityScore: null, lastGoodSyncAt: null })],
    rates: [],
  });
  return index;
}

describe('the catalogue index', () => {
  it('lists by price, equal prices by id', () => {
    const index = filled([
      anOffer({ id: 'c', pricePerHour: 1 }),
      anOffer({ id: 'a', pricePerHour: 2 }),
      anOffer({ id: 'b', pricePerHour: 1 }),
    ]);
    expect(ids(pageOf(index, 1, everything).items)).toEqual(['b', 'c', 'a']);
  });

  it('puts what is not known last, in either direction', () => {
    const index = filled([
      anOffer({ id: 'a', gpuMemoryGb: null }),
      anOffer({ id: 'b', gpuMemoryGb: 24 }),
      anOffer({ id: 'c', gpuMemoryGb: 80 }),
    ]);
    const sorted = (descending: boolean) =>
      ids(pageOf(index, 1, { ...everything, sort: [{ field: 'gpu_memory_gb', descending }] }).items);
    expect(sorted(false)).toEqual(['b', 'c', 'a']);
    expect(sorted(true)).toEqual(['c', 'b', 'a']);
  });

  it('sorts by facts of the provider', () => {
    const index = filled([anOffer({ id: 'a', providerId: 'p2' }), anOffer({ id: 'b' })]);
    expect(
      ids(pageOf(index, 1, { ...everything, sort: [{ field: 'reliability_score', descending: true }] }).items),
    ).toEqual(['b', 'a']);
    expect(
      ids(pageOf(index, 1, { ...everything, sort: [{ field: 'last_seen_at', descending: false }] }).items),
    ).toEqual(['a', 'b']);
  });

  it('does not list rows without a price', () => {
    expect(pageOf(filled([anOffer({ listed: false })]), 1, everything).total).toBe(0);
  });

  it('does not list rows of a source that the provider left, from the version on in which it did', () => {
    const index = filled([anOffer({ id: 'a', source: 'live' }), anOffer({ id: 'b', source: 'emulator' })]);
    index.apply({ version: 2, offers: [], providers: [aProvider({ source: 'emulator' })], rates: [] });
    expect(ids(pageOf(index, 1, everything).items)).toEqual(['a']);
    expect(ids(pageOf(index, 2, everything).items)).toEqual(['b']);
  });

  it('shows nothing of a delta before all of it is in', () => {
    const index = filled(many(2_500, { pricePerHour: 1 }));
    const steps = index.applying({
      version: 2,
      offers: many(2_500, { pricePerHour: 2 }),
      providers: [aProvider()],
      rates: [],
    });
    for (let step = steps.next(); step.done !== true; step = steps.next()) {
      expect(index.version).toBe(1);
      const { total, items } = pageOf(index, 1, everything);
      expect([total, items[0]?.pricePerHour]).toEqual([2_500, 1]);
    }
    expect(pageOf(index, 2, everything).items[0]?.pricePerHour).toBe(2);
    expect(pageOf(index, 1, everything).items[0]?.pricePerHour).toBe(1);
  });

  it('forgets old versions before their time when there are too many rows of them', () => {
    const index = filled([]);
    for (let version = 2; version <= 9; version += 1)
      index.apply({ version, offers: many(20_000, { pricePerHour: version }), providers: [aProvider()], rates: [] });
    expect(index.has(9)).toBe(true);
    expect(index.has(8)).toBe(true);
    expect(index.has(2)).toBe(false);
    expect(pageOf(index, 8, everything)).toMatchObject({ total: 20_000, items: expect.any(Array) });
    expect(index.size).toBe(20_000);
  });

  it('counts what is listed and there', () => {
    const index = filled([anOffer({ id: 'a' }), anOffer({ id: 'b', vanished: true }), anOffer({ id: 'c' })]);
    expect([...index.listedCounts()]).toEqual([['p1', 2]]);
  });

  it('matches a text by the words of the offer or by its cloud', () => {
    const index = filled([
      anOffer({ id: 'a', gpuType: 'A40', region: 'us-utah' }),
      anOffer({ id: 'b' }),
      anOffer({ id: 'c', gpuType: 'L4', providerId: 'p2' }),
    ]);
    expect(index.words()).toEqual(['A40 us-utah', 'H100-SXM us-utah', 'L4 us-utah']);
    const textMatches = { words: new Set(['A40 us-utah']), providerIds: new Set(['p2']) };
    expect(ids(pageOf(index, 1, { ...everything, textMatches }).items)).toEqual(['a', 'c']);
  });

  it('sorts by several fields, unknown ones last in each', () => {
    const index = filled([
      anOffer({ id: 'a', gpuMemoryGb: 24, pricePerNodeHour: null }),
      anOffer({ id: 'b', gpuMemoryGb: 24, pricePerNodeHour: 3 }),
      anOffer({ id: 'c', gpuMemoryGb: 80, pricePerNodeHour: 9, vanished: true, lastSeenAt: 1 }),
    ]);
    const sorted = (...fields: [PageRequest['sort'][number]['field'], boolean][]) =>
      ids(
        pageOf(index, 1, { ...everything, sort: fields.map(([field, descending]) => ({ field, descending })) }).items,
      );
    expect(sorted(['gpu_memory_gb', true], ['price_per_node_hour', true])).toEqual(['c', 'b', 'a']);
    expect(sorted(['last_seen_at', true], ['cost_per_token', false])).toEqual(['a', 'b', 'c']);
  });

  it('keeps a superseded state readable and forgets it after its time', () => {
    let now = 0;
    const index = new CatalogueIndex(() => now, 300_000);
    index.apply({ version: 5, offers: [anOffer({ pricePerHour: 1 })], providers: [aProvider()], rates: [] });
    now = 1_000;
    index.apply({ version: 6, offers: [anOffer({ pricePerHour: 2 })], providers: [aProvider()], rates: [] });
    expect(pageOf(index, 5, everything).items[0]?.pricePerHour).toBe(1);
    expect(pageOf(index, 6, everything).items[0]?.pricePerHour).toBe(2);
    now = 302_000;
    index.apply({ version: 7, offers: [], providers: [aProvider()], rates: [] });
    expect(index.has(5)).toBe(false);
    expect(index.has(6)).toBe(true);
    expect(index.has(8)).toBe(false);
  });

  it('ignores a delta older than what it has', () => {
    const index = filled([anOffer({ pricePerHour: 1 })]);
    index.apply({ version: 0, offers: [anOffer({ pricePerHour: 9 })], providers: [], rates: [] });
    expect(index.get(anOffer().id)?.pricePerHour).toBe(1);
  });

  it('gives each offer exactly once to a walk by version while prices move', () => {
    const price = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        fc.array(price, { minLength: 1, maxLength: 60 }),
        fc.array(fc.tuple(fc.nat(59), price), { maxLength: 80 }),
        (prices, moves) => {
          const index = filled(prices.map((pricePerHour, at) => anOffer({ id: `o${at}`, pricePerHour })));
          const seen: string[] = [];
          let version = 1;
          for (let page = 1; page <= Math.ceil(prices.length / 10); page += 1) {
            seen.push(...ids(pageOf(index, 1, { ...everything, page, perPage: 10 }).items));
            for (const [at, pricePerHour] of moves.slice((page - 1) * 10, page * 10)) {
              version += 1;
              index.apply({
                version,
                offers: [anOffer({ id: `o${at}`, pricePerHour })],
                providers: [aProvider()],
                rates: [],
              });
            }
          }
          expect(seen.toSorted()).toEqual(prices.map((_, at) => `o${at}`).toSorted());
        },
      ),
    );
  });

  it('answers 1,000 random filter sets as a naive filter does', () => {
    const offers = Array.from({ length: 400 }, (_, at) => randomOffer(at));
    const index = filled(offers);
    fc.assert(
      fc.property(filterSets, (filters) => {
        const expected = offers.filter((offer) => naiveMatch(offer, filters));
        const { total, items } = pageOf(index, 1, { ...everything, filters });
        expect(total).toBe(expected.length);
        expect(ids(items)).toEqual(
          ids(expected.toSorted((a, b) => a.pricePerHour - b.pricePerHour || (a.id < b.id ? -1 : 1)).slice(0, 100)),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers 1,000 random filter sets by cost per token as a naive sort does', () => {
    const offers = Array.from({ length: 400 }, (_, at) => randomOffer(at));
    const index = filled(offers);
    index.apply({ version: 2, offers: [], providers: [], rates: RATES });
    fc.assert(
      fc.property(filterSets, fc.boolean(), fc.integer({ min: 1, max: 4 }), (filters, descending, page) => {
        const expected = offers
          .filter((offer) => naiveMatch(offer, filters))
          .toSorted(naivelyByCost(RATES, descending));
        const sort = [{ field: 'cost_per_token', descending } as const];
        const { total, items } = pageOf(index, 2, { ...everything, filters, sort, page });
        expect(total).toBe(expected.length);
        expect(ids(items)).toEqual(ids(expected.slice((page - 1) * 100, page * 100)));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('unit costs in the index', () => {
  const byCost: readonly SortKey[] = [{ field: 'cost_per_token', descending: false }];
  const costs = (index: CatalogueIndex, version: number) =>
    index
      .page(version, { ...everything, sort: byCost })
      .items.map(({ offer, costs: { costPerToken } }) => [offer.id, costPerToken]);

  it('are those of the rates that came with the first state', () => {
    const index = new CatalogueIndex();
    index.apply({ version: 1, offers: [anOffer({ pricePerHour: 3.6 })], providers: [aProvider()], rates: [aRate()] });
    expect(index.page(1, everything).items).toMatchObject([
      { costs: { costPerToken: 0.00001, costPerGflop: 0.0000036 } },
    ]);
    expect(index.rates.get('H100-SXM')).toEqual(aRate());
  });

  it('follow a price', () => {
    const index = filled([anOffer({ id: 'a', pricePerHour: 3.6 })]);
    index.apply({ version: 2, offers: [], providers: [], rates: [aRate()] });
    index.apply({ version: 3, offers: [anOffer({ id: 'a', pricePerHour: 7.2 })], providers: [], rates: [] });
    expect([1, 2, 3].map((version) => costs(index, version))).toEqual([
      [['a', null]],
      [['a', 0.00001]],
      [['a', 0.00002]],
    ]);
  });

  it('follow a rate from its version on, and stay what they were before it', () => {
    const index = filled([
      anOffer({ id: 'a', pricePerHour: 3.6, gpuType: 'A40' }),
      anOffer({ id: 'b', pricePerHour: 1.8, gpuType: 'L4' }),
    ]);
    const rate = (gpuType: string, tokensPerSecond: number | null) => aRate({ gpuType, tokensPerSecond });
    index.apply({ version: 2, offers: [], providers: [], rates: [rate('A40', 50), rate('L4', 10)] });
    index.apply({ version: 3, offers: [], providers: [], rates: [rate('A40', 10)] });
    index.apply({ version: 4, offers: [], providers: [], rates: [rate('L4', null)] });
    const [a, b] = [0.00002, 0.00005];
    expect(costs(index, 2)).toEqual([
      ['a', a],
      ['b', b],
    ]);
    expect(costs(index, 3)).toEqual([
      ['b', b],
      ['a', 0.0001],
    ]);
    expect(costs(index, 4)).toEqual([
      ['a', 0.0001],
      ['b', null],
    ]);
    expect(costs(index, 2)).toEqual([
      ['a', a],
      ['b', b],
    ]);
    expect(index.size).toBe(2);
  });

  it('of nothing but the GPU that a rate is of are made anew', () => {
    const index = filled([anOffer({ id: 'a', gpuType: 'A40' }), anOffer({ id: 'b', gpuType: 'a40' })]);
    index.apply({ version: 2, offers: [], providers: [], rates: [aRate({ gpuType: 'A40' })] });
    expect(costs(index, 2)).toEqual([
      ['a', expect.any(Number)],
      ['b', null],
    ]);
    expect(index.models()).toEqual(['A40', 'a40']);
  });

  it('give each offer exactly once, in the order of its start, to a walk during which rates and prices change', () => {
    const speed = fc.option(fc.integer({ min: 1, max: 200 }), { nil: null });
    const change = fc.record({
      model: fc.nat(MODELS.length - 1),
      speed,
      at: fc.nat(59),
      price: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 6, maxLength: 20 }), fc.boolean(), (changes, descending) => {
        const offers = Array.from({ length: 60 }, (_, at) => randomOffer(at));
        const index = filled(offers);
        index.apply({ version: 2, offers: [], providers: [], rates: RATES });
        const sort = [{ field: 'cost_per_token', descending } as const];
        const seen: string[] = [];
        for (let page = 1; page <= 6; page += 1) {
          seen.push(...ids(pageOf(index, 2, { ...everything, sort, page, perPage: 10 }).items));
          const {
            model,
            speed: tokensPerSecond,
            at,
            price,
          } = changes[page - 1] ?? { model: 0, speed: null, at: 0, price: 1 };
          const rates = [aRate({ gpuType: pick(MODELS, model), tokensPerSecond })];
          index.apply({
            version: 2 + page,
            offers: [{ ...randomOffer(at), pricePerHour: price }],
            providers: [aProvider()],
            rates,
          });
        }
        expect(seen).toEqual(ids(offers.toSorted(naivelyByCost(RATES, descending)).filter(({ listed }) => listed)));
      }),
    );
  });
});

const MODELS = ['H100-SXM', 'H100-PCIE', 'A100-80GB-PCIE', 'RTX-4090', 'RTX-A4000', 'A40'];
const REGIONS = ['us-utah', 'se-sweden', 'eastus', 'global', 'gb-london'];
const pick = <T>(values: readonly T[], at: number): T => values[at % values.length] as T;

function randomOffer(at: number): CatalogueOffer {
  return anOffer({
    id: `o${String(at).padStart(4, '0')}`,
    providerId: pick(['p1', 'p2'], at),
    gpuType: pick(MODELS, at * 7),
    gpuCount: pick([1, 2, 8, 0.5, null], at * 3),
    gpuMemoryGb: pick([80, 24, 48, null], at * 5),
    pricePerHour: ((at * 37) % 500) / 100,
    region: pick(REGIONS, at * 11),
    macroRegion: pick(['us', 'eu', 'us', null, 'uk'] as const, at * 11),
    availability: pick(['available', 'limited', 'unavailable'] as const, at * 13),
    complianceTags: pick([[], ['soc2'], ['soc2', 'hipaa']] as const, at),
    pricing: pick(['on_demand', 'spot', 'bid', null] as const, at * 17),
  });
}

/** One model has no speed, and one is not rated at all. */
const RATES: readonly GpuRate[] = MODELS.slice(1).map((gpuType, at) =>
  aRate({ gpuType, tokensPerSecond: at === 0 ? null : 20 + at * 31 }),
);

/** Unknown ones last in either direction, equals by id. */
function naivelyByCost(rates: readonly GpuRate[], descending: boolean) {
  const costOf = (offer: CatalogueOffer) =>
    unitCosts(
      offer,
      rates.find(({ gpuType }) => gpuType === offer.gpuType),
    ).costPerToken;
  return (a: CatalogueOffer, b: CatalogueOffer): number => {
    const [x, y] = [costOf(a), costOf(b)];
    if (x === y) return a.id < b.id ? -1 : 1;
    if (x === null || y === null) return x === null ? 1 : -1;
    return descending ? y - x : x - y;
  };
}

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const filterSets: fc.Arbitrary<OfferFilters> = fc
  .record({
    gpuType: maybe(fc.constantFrom('h100', 'a4', 'rtx', '%', '_', '')),
    region: maybe(
      fc.constantFrom(
        { kind: 'macro', macro: 'us' } as const,
        { kind: 'prefix', prefix: 'us-' } as const,
        { kind: 'code', code: 'eastus' } as const,
      ),
    ),
    provider: maybe(fc.constantFrom('vastai', 'runpod', 'nobody')),
    availability: maybe(fc.constantFrom('available', 'limited', 'unavailable')),
    complianceTags: maybe(fc.constantFrom(['soc2'] as const, ['soc2', 'hipaa'] as const, ['gdpr'] as const)),
    gpuMemoryMin: maybe(fc.constantFrom(24, 48, 80)),
    gpuMemoryMax: maybe(fc.constantFrom(24, 48, 80)),
    gpuMemory: maybe(fc.constantFrom(24, 81)),
    gpuCount: maybe(fc.constantFrom(1, 8, 0.5)),
    pricing: maybe(fc.constantFrom('on_demand', 'spot', 'bid')),
    priceMin: maybe(fc.constantFrom(0, 1, 2.5)),
    priceMax: maybe(fc.constantFrom(1, 3, 5)),
  })
  .map((filters) => Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)));

/** Written from SPEC P7 alone. */
function naiveMatch(offer: CatalogueOffer, wanted: OfferFilters): boolean {
  const slug = offer.providerId === 'p1' ? 'vastai' : 'runpod';
  if (wanted.gpuType !== undefined && !offer.gpuType.toLowerCase().includes(wanted.gpuType)) return false;
  if (wanted.region?.kind === 'macro' && offer.macroRegion !== wanted.region.macro) return false;
  if (wanted.region?.kind === 'prefix' && !offer.region.startsWith(wanted.region.prefix)) return false;
  if (wanted.region?.kind === 'code' && offer.region !== wanted.region.code) return false;
  if (wanted.provider !== undefined && slug !== wanted.provider) return false;
  if (wanted.availability !== undefined && offer.availability !== wanted.availability) return false;
  if (wanted.complianceTags?.some((tag) => !offer.complianceTags.includes(tag))) return false;
  if (wanted.gpuMemoryMin !== undefined && !(offer.gpuMemoryGb !== null && offer.gpuMemoryGb >= wanted.gpuMemoryMin))
    return false;
  if (wanted.gpuMemoryMax !== undefined && !(offer.gpuMemoryGb !== null && offer.gpuMemoryGb <= wanted.gpuMemoryMax))
    return false;
  if (wanted.gpuMemory !== undefined && offer.gpuMemoryGb !== wanted.gpuMemory) return false;
  if (wanted.gpuCount !== undefined && offer.gpuCount !== wanted.gpuCount) return false;
  if (wanted.pricing !== undefined && offer.pricing !== wanted.pricing) return false;
  if (wanted.priceMin !== undefined && offer.pricePerHour < wanted.priceMin) return false;
  return wanted.priceMax === undefined || offer.pricePerHour <= wanted.priceMax;
}
