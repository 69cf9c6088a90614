import type { CatalogueOffer, CatalogueProvider } from './catalogue-offer';
import { rowOrder } from './offer-order';
import type { OfferFilters, SortKey, TextMatches } from './offer-query';
import { OfferSelections } from './offer-selection';
import { FLAG, OfferTable } from './offer-table';
import { ProviderStates } from './provider-states';
import { rankedRows } from './ranked-rows';
import { SupersededRows } from './superseded-rows';
import { unitCosts, type CostedOffer, type GpuRate, type UnitCosts } from './unit-costs';

/** What the database recorded under one version or more: rows replace those with the same id. */
export interface CatalogueDelta {
  readonly version: number;
  readonly offers: readonly CatalogueOffer[];
  readonly providers: readonly CatalogueProvider[];
  /** Rates replace those of the same GPU. */
  readonly rates: readonly GpuRate[];
}

export interface OfferPage {
  readonly total: number;
  readonly items: readonly CostedOffer[];
  readonly providers: ReadonlyMap<string, CatalogueProvider>;
}

export interface PageRequest {
  readonly filters: OfferFilters;
  readonly sort: readonly SortKey[];
  readonly page: number;
  readonly perPage: number;
  readonly textMatches: TextMatches | null;
}

const DEFAULT_KEEP_MS = 5 * 60_000;
/** Superseded rows that are kept, as a multiple of the offers: beyond it old versions go before their time, not the process. */
const MOST_SUPERSEDED = 3;
const LEAST_SUPERSEDED = 100_000;
/** Rows between two yields of `applying`: about a millisecond. */
const STEP = 1_000;

/**
 * The whole catalogue in memory, with the states of the last minutes: a reader that names a version gets that state, page
 * after page, while newer ones come in. A question scans columns of numbers and ranks only its page, so that no order has
 * to be kept and a change costs no more than its rows. Pure bookkeeping, no I/O; `CatalogueFollower` feeds it.
 */
export class CatalogueIndex {
  private readonly table = new OfferTable();
  private readonly selections = new OfferSelections(this.table);
  private readonly current = new Map<string, number>();
  private readonly superseded = new SupersededRows();
  private readonly providerStates = new ProviderStates();
  private ratesByGpu: ReadonlyMap<string, GpuRate> = new Map();
  private newest = 0;
  private loaded = false;

  /** @param keepMs how long a superseded state stays readable */
  constructor(
    private readonly now: () => number = Date.now,
    private readonly keepMs: number = DEFAULT_KEEP_MS,
  ) {}

  get version(): number {
    return this.newest;
  }

  /** False until the first state came in: there is nothing to answer from. */
  get isLoaded(): boolean {
    return this.loaded;
  }

  get size(): number {
    return this.current.size;
  }

  apply(delta: CatalogueDelta): void {
    const steps = this.applying(delta);
    while (steps.next().done !== true);
  }

  /**
   * `apply` in small steps, for the event loop to run in between. Readers see nothing of it before the last step: rows of
   * a version that is not the newest yet are visible to nobody. One at a time, and to the end.
   */
  *applying({ version, offers, providers, rates }: CatalogueDelta): Generator<void, void, void> {
    if (this.loaded && version <= this.newest) return;
    const ratesByGpu = rates.length === 0 ? this.ratesByGpu : withRates(this.ratesByGpu, rates);
    for (const [at, offer] of offers.entries()) {
      this.replace(offer, unitCosts(offer, ratesByGpu.get(offer.gpuType)), version);
      if (at % STEP === STEP - 1) yield;
    }
    if (this.loaded && rates.length > 0)
      yield* this.costing(ratesByGpu, new Set(rates.map(({ gpuType }) => gpuType)), version);
    if (providers.length > 0 || !this.loaded) this.providerStates.advance(version, providers, this.now());
    this.ratesByGpu = ratesByGpu;
    this.newest = version;
    this.loaded = true;
    yield* this.forgetting();
  }

  /** Whether a state can still be read: it is the newest, or was superseded less than `keepMs` ago. */
  has(version: number): boolean {
    return version === this.newest || (version < this.newest && version >= (this.providerStates.oldest ?? this.newest));
  }

  get(id: string): CatalogueOffer | undefined {
    const row = this.current.get(id);
    return row === undefined ? undefined : this.table.offerAt(row);
  }

  provider(id: string): CatalogueProvider | undefined {
    return this.providerStates.newest.get(id);
  }

  providers(): readonly CatalogueProvider[] {
    return [...this.providerStates.newest.values()];
  }

  /** The newest rates, by GPU model as offers have it. */
  get rates(): ReadonlyMap<string, GpuRate> {
    return this.ratesByGpu;
  }

  /** Every GPU model that an offer has had since the start. */
  models(): readonly string[] {
    return this.table.models.words;
  }

  /** Distinct texts that `q` searches in: model and region of every offer. */
  words(): readonly string[] {
    return this.table.words.words;
  }

  /** Offers that can be had or at least seen now, by provider id. */
  listedCounts(): ReadonlyMap<string, number> {
    const { columns, providers } = this.table;
    const counts = new Map<string, number>();
    const everything = { version: this.newest, providers: this.providerStates.newest, filters: {}, textMatches: null };
    for (const row of this.selections.select(everything)) {
      if (((columns.flags[row] ?? 0) & FLAG.vanished) !== 0) continue;
      const id = providers.words[columns.provider[row] ?? 0] ?? '';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  /** Selects the matches, counts them, and ranks those of the page. */
  page(version: number, { filters, sort, page, perPage, textMatches }: PageRequest): OfferPage {
    const providers = this.providerStates.at(version) ?? new Map<string, CatalogueProvider>();
    const rows = this.selections.select({ version, providers, filters, textMatches });
    const first = (page - 1) * perPage;
    const ranked = rankedRows(rows, rowOrder(this.table, sort, providers), first, first + perPage);
    const items = Array.from(ranked, (row) => this.table.costedAt(row));
    return { total: rows.length, items, providers };
  }

  /**
   * A rate that changed changes the offers of its GPU: they get new rows, and states before this version keep theirs, order
   * and figures.
   */
  private *costing(
    rates: ReadonlyMap<string, GpuRate>,
    changed: ReadonlySet<string>,
    version: number,
  ): Generator<void, void, void> {
    let seen = 0;
    for (const row of this.current.values()) {
      seen += 1;
      if (seen % STEP === 0) yield;
      const offer = this.table.offerAt(row);
      if (!changed.has(offer.gpuType)) continue;
      const costs = unitCosts(offer, rates.get(offer.gpuType));
      if (!isEqual(costs, this.table.costsAt(row))) this.replace(offer, costs, version);
    }
  }

  private replace(offer: CatalogueOffer, costs: UnitCosts, version: number): void {
    const before = this.current.get(offer.id);
    if (before !== undefined) {
      this.table.columns.until[before] = version;
      this.superseded.add(before, version);
    }
    this.current.set(offer.id, this.table.add(offer, costs, version));
  }

  /** Drops states that were superseded longer than `keepMs` ago, and the rows that only they could see. */
  private *forgetting(): Generator<void, void, void> {
    this.providerStates.forgetBefore(this.now() - this.keepMs);
    const most = Math.max(LEAST_SUPERSEDED, MOST_SUPERSEDED * this.current.size);
    do {
      const oldest = this.providerStates.oldest ?? this.newest;
      for (const row of this.superseded.before(oldest)) {
        this.table.free(row);
        if (this.superseded.size % STEP === 0) yield;
      }
    } while (this.superseded.size > most && this.providerStates.forgetOldest());
  }
}

function withRates(known: ReadonlyMap<string, GpuRate>, changed: readonly GpuRate[]): Map<string, GpuRate> {
  return new Map([...known, ...changed.map((rate) => [rate.gpuType, rate] as const)]);
}

const isEqual = (a: UnitCosts, b: UnitCosts): boolean =>
  a.costPerToken === b.costPerToken && a.costPerGflop === b.costPerGflop;
