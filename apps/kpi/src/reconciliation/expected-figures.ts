import { Decimal } from 'decimal.js';
import type { ProviderItemDto } from '@gpubroker/contracts/offers';
import type { KpiSnapshot } from './snapshot';
import { deviation, least, mean, median, most, roundedOrNull, saving, sum } from './statistics';

export type SnapshotOffer = Pick<
  ProviderItemDto,
  | 'id'
  | 'provider'
  | 'gpu_type'
  | 'gpu_family'
  | 'gpu_count'
  | 'price_per_hour'
  | 'currency'
  | 'availability_status'
  | 'source'
  | 'stale'
>;

/** Only offers that are not unavailable and not stale count (SPEC K2). */
export const counts = ({ availability_status, stale }: SnapshotOffer): boolean =>
  availability_status !== 'unavailable' && !stale;

/** Any part of an answer of kpi, by the names it has there. */
export type Figures = Readonly<Record<string, unknown>>;

/**
 * What kpi has to answer for a catalogue, computed in plain code from the catalogue itself. Of the answers only what they
 * chose freely is taken over: which models a family covers, and where the buckets of the histogram end.
 */
export class ExpectedFigures {
  private readonly counted: readonly SnapshotOffer[];
  private readonly byModel: ReadonlyMap<string, readonly SnapshotOffer[]>;
  private readonly byProvider: ReadonlyMap<string, readonly SnapshotOffer[]>;
  /** The same for all answers. */
  private readonly common: Figures;
  private readonly known = new Map<string, Figures>();

  constructor(offers: readonly SnapshotOffer[]) {
    this.counted = offers.filter(counts);
    this.byModel = grouped(this.counted, ({ gpu_type }) => gpu_type);
    this.byProvider = grouped(this.counted, ({ provider }) => provider);
    this.common = {
      overview: overviewOf(this.counted),
      market: marketOf(this.counted),
      share: shareOf(this.counted),
      savings: savingsOf(this.counted),
    };
  }

  for(answers: KpiSnapshot): Figures {
    return {
      ...this.common,
      distribution: distributionOf(this.counted, answers.distribution),
      gpus: this.perGpu(answers),
      providers: this.perProvider(answers),
    };
  }

  /** Under every name that kpi answers to, and every model of the catalogue, which kpi must know. */
  private perGpu({ gpus }: KpiSnapshot): Figures {
    const names = new Set([...Object.keys(gpus), ...this.byModel.keys()]);
    return Object.fromEntries(
      [...names].map((name) => {
        const covers = gpus[name]?.covers ?? [name];
        return [
          name,
          this.once(`gpus ${covers.join()}`, () => gpuOf(covers.flatMap((type) => this.byModel.get(type) ?? []))),
        ];
      }),
    );
  }

  private perProvider({ providers }: KpiSnapshot): Figures {
    const names = new Set([...Object.keys(providers), ...this.byProvider.keys()]);
    return Object.fromEntries(
      [...names].map((name) => [
        name,
        this.once(`provider ${name}`, () => providerOf(name, this.byProvider.get(name) ?? [])),
      ]),
    );
  }

  private once(key: string, compute: () => Figures): Figures {
    const figures = this.known.get(key) ?? compute();
    this.known.set(key, figures);
    return figures;
  }
}

const basisOf = (counted: readonly SnapshotOffer[]): Figures => ({
  currency: mainCurrency(counted),
  other_currency_offers: counted.length - pricesOf(counted).length,
  sources: [...grouped(counted, ({ source }) => source)]
    .map(([source, offers]) => ({ source, offers: offers.length }))
    .sort((one, other) => (one.source < other.source ? -1 : 1)),
});

const overviewOf = (counted: readonly SnapshotOffer[]): Figures => ({
  ...basisOf(counted),
  active_providers: distinct(counted, ({ provider }) => provider),
  total_offers: counted.length,
  available_gpus: gpusOf(counted),
  gpu_models: distinct(counted, ({ gpu_type }) => gpu_type),
  avg_price_per_hour: mean(pricesOf(counted)),
  median_price_per_hour: median(pricesOf(counted)),
  savings: overallSaving(counted),
});

function marketOf(counted: readonly SnapshotOffer[]): Figures {
  const priced = pricedOf(counted);
  const byPrice = priced.toSorted((one, other) => one.price_per_hour - other.price_per_hour || byId(one, other));
  const cheapest = byPrice[0];
  const highest = byPrice.at(-1)?.price_per_hour;
  const dearest = byPrice.find(({ price_per_hour }) => price_per_hour === highest);
  const prices = pricesOf(counted);
  return {
    ...basisOf(counted),
    total_providers: distinct(counted, ({ provider }) => provider),
    total_offers: counted.length,
    cheapest_gpu_offer: cheapest === undefined ? null : named(cheapest),
    most_expensive_gpu_offer: dearest === undefined ? null : named(dearest),
    avg_market_price: mean(prices),
    median_market_price: median(prices),
    price_stddev: deviation(prices),
    by_gpu: byModel(priced).map(([gpu_type, models]) => ({
      gpu_type,
      offers: models.length,
      min_price_per_hour: least(models.map(priceOf)),
      avg_price_per_hour: mean(models.map(priceOf)),
      median_price_per_hour: median(models.map(priceOf)),
      max_price_per_hour: most(models.map(priceOf)),
    })),
  };
}

function shareOf(counted: readonly SnapshotOffer[]): Figures {
  const allGpus = gpusOf(counted);
  const items = [...grouped(counted, ({ provider }) => provider)].sort(largestFirst).map(([provider, offers]) => ({
    provider,
    offers: offers.length,
    share: offers.length / counted.length,
    gpus: gpusOf(offers),
    gpu_share: gpusOf(offers) / allGpus,
  }));
  return { ...basisOf(counted), total: items.length, total_offers: counted.length, items };
}

function savingsOf(counted: readonly SnapshotOffer[]): Figures {
  const items = byModel(pricedOf(counted)).map(([gpu_type, models]) => ({
    gpu_type,
    offers: models.length,
    cheapest_price_per_hour: least(models.map(priceOf)),
    median_price_per_hour: median(models.map(priceOf)),
    savings: roundedOrNull(saving(models.map(priceOf))),
  }));
  return { ...basisOf(counted), savings: overallSaving(counted), total: items.length, items };
}

function distributionOf(counted: readonly SnapshotOffer[], answered: KpiSnapshot['distribution']): Figures {
  const prices = pricesOf(counted);
  const last = answered.items.length - 1;
  const isIn = (price: number, { from, to }: { from: number; to: number }, at: number) =>
    price >= from && (at === last ? price <= to : price < to);
  return {
    ...basisOf(counted),
    total: prices.length,
    items: answered.items.map((bucket, at) => ({ count: prices.filter((price) => isIn(price, bucket, at)).length })),
  };
}

function gpuOf(covered: readonly SnapshotOffer[]): Figures {
  const prices = pricesOf(covered);
  const { currency, ...basis } = basisOf(covered);
  return {
    ...basis,
    // Without offers the currency of former prices stands, of which a catalogue says nothing.
    ...(covered.length > 0 && { currency }),
    total_offers: covered.length,
    providers: distinct(covered, ({ provider }) => provider),
    available_gpus: gpusOf(covered),
    avg_price_per_hour: mean(prices),
    min_price_per_hour: least(prices),
    max_price_per_hour: most(prices),
    median_price_per_hour: median(prices),
    price_stddev: deviation(prices),
  };
}

const providerOf = (provider: string, offers: readonly SnapshotOffer[]): Figures => ({
  ...basisOf(offers),
  provider,
  total_offers: offers.length,
  available_gpus: gpusOf(offers),
  gpu_models: distinct(offers, ({ gpu_type }) => gpu_type),
  avg_price_per_hour: mean(pricesOf(offers)),
  min_price_per_hour: least(pricesOf(offers)),
  max_price_per_hour: most(pricesOf(offers)),
});

function overallSaving(counted: readonly SnapshotOffer[]): number | null {
  const priced = pricedOf(counted);
  if (priced.length === 0) return null;
  const weighted = byModel(priced).reduce(
    (total, [, models]) => total.plus((saving(models.map(priceOf)) ?? new Decimal(0)).times(models.length)),
    new Decimal(0),
  );
  return roundedOrNull(weighted.div(priced.length));
}

const named = ({ id, provider, gpu_type, price_per_hour, currency, source }: SnapshotOffer): Figures => ({
  offer_id: id,
  provider,
  gpu_type,
  price_per_hour,
  currency,
  source,
});

const priceOf = ({ price_per_hour }: SnapshotOffer): number => price_per_hour;
const byId = (one: SnapshotOffer, other: SnapshotOffer): number => (one.id < other.id ? -1 : 1);

function pricedOf(counted: readonly SnapshotOffer[]): readonly SnapshotOffer[] {
  const main = mainCurrency(counted);
  return counted.filter(({ currency }) => currency === main);
}

const pricesOf = (counted: readonly SnapshotOffer[]): number[] => pricedOf(counted).map(priceOf);

/** The one that most are in; of two alike the first by name. */
function mainCurrency(counted: readonly SnapshotOffer[]): string | null {
  return [...grouped(counted, ({ currency }) => currency)].sort(largestFirst)[0]?.[0] ?? null;
}

/** An offer that says no number of GPUs is one. */
const gpusOf = (offers: readonly SnapshotOffer[]): number =>
  sum(offers.map(({ gpu_count }) => gpu_count ?? 1))
    .toDecimalPlaces(4)
    .toNumber();

const byModel = (offers: readonly SnapshotOffer[]) =>
  [...grouped(offers, ({ gpu_type }) => gpu_type)].sort(largestFirst);

const distinct = (offers: readonly SnapshotOffer[], of: (offer: SnapshotOffer) => string): number =>
  grouped(offers, of).size;

function grouped(
  offers: readonly SnapshotOffer[],
  by: (offer: SnapshotOffer) => string,
): Map<string, readonly SnapshotOffer[]> {
  const groups = new Map<string, SnapshotOffer[]>();
  for (const offer of offers) {
    const group = groups.get(by(offer)) ?? [];
    if (group.push(offer) === 1) groups.set(by(offer), group);
  }
  return groups;
}

type Group = readonly [string, readonly SnapshotOffer[]];
const largestFirst = ([oneName, one]: Group, [otherName, other]: Group): number =>
  other.length - one.length || (oneName < otherName ? -1 : 1);
