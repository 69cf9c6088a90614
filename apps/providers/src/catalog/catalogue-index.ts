import type { CatalogueOffer, CatalogueProvider } from './catalogue-offer';
import { offerMatcher } from './offer-match';
import { dependsOnProviders, offerComparator } from './offer-order';
import type { OfferFilters, SortKey } from './offer-query';

/** What the database recorded under one version or more: rows replace those with the same id. */
export interface CatalogueDelta {
  readonly version: number;
  readonly offers: readonly CatalogueOffer[];
  readonly providers: readonly CatalogueProvider[];
}

export interface OfferPage {
  readonly total: number;
  readonly items: readonly CatalogueOffer[];
  readonly providers: ReadonlyMap<string, CatalogueProvider>;
}

export interface PageRequest {
  readonly filters: OfferFilters;
  readonly sort: readonly SortKey[];
  readonly page: number;
  readonly perPage: number;
  readonly textMatches: ReadonlySet<string> | null;
}

/** One offer for as long as it looked like this: from a version up to, and without, another. */
interface Revision {
  readonly offer: CatalogueOffer;
  readonly from: number;
  until: number;
}

interface ProvidersAt {
  readonly from: number;
  readonly at: number;
  readonly byId: ReadonlyMap<string, CatalogueProvider>;
}

interface Order {
  readonly version: number;
  readonly revisions: readonly Revision[];
}

const FOREVER = Number.POSITIVE_INFINITY;
const DEFAULT_KEEP_MS = 5 * 60_000;
const KEPT_ORDERS = 16;

/**
 * The whole catalogue in memory, with the states of the last minutes: a reader that names a version gets that state, page
 * after page, while newer ones come in. Pure bookkeeping, no I/O; `CatalogueFollower` feeds it.
 */
export class CatalogueIndex {
  private revisions: Revision[] = [];
  private readonly current = new Map<string, Revision>();
  private providerStates: ProvidersAt[] = [];
  private readonly orders = new Map<string, Order>();
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

  apply({ version, offers, providers }: CatalogueDelta): void {
    if (this.loaded && version < this.newest) return;
    for (const offer of offers) this.replace(offer, version);
    if (providers.length > 0 || !this.loaded) this.advanceProviders(version, providers);
    this.newest = version;
    this.loaded = true;
    this.orders.clear();
    this.forget();
  }

  /** Whether a state can still be read: it is the newest, or was superseded less than `keepMs` ago. */
  has(version: number): boolean {
    return (
      version === this.newest ||
      (version < this.newest && this.providersAt(version) !== undefined && version >= this.oldestReadable())
    );
  }

  get(id: string): CatalogueOffer | undefined {
    return this.current.get(id)?.offer;
  }

  provider(id: string): CatalogueProvider | undefined {
    return this.providersAt(this.newest)?.byId.get(id);
  }

  providers(): readonly CatalogueProvider[] {
    return [...(this.providersAt(this.newest)?.byId.values() ?? [])];
  }

  listedCounts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { offer } of this.current.values()) {
      if (offer.listed && !offer.vanished) counts.set(offer.providerId, (counts.get(offer.providerId) ?? 0) + 1);
    }
    return counts;
  }

  /** One pass over the sorted rows: counts every match and keeps those of the page. */
  page(version: number, { filters, sort, page, perPage, textMatches }: PageRequest): OfferPage {
    const providers = this.providersAt(version)?.byId ?? new Map<string, CatalogueProvider>();
    const matches = offerMatcher(filters, providers, textMatches);
    const first = (page - 1) * perPage;
    const items: CatalogueOffer[] = [];
    let total = 0;
    for (const { offer, from, until } of this.ordered(sort, version, providers)) {
      if (from > version || until <= version || !matches(offer)) continue;
      if (total >= first && total < first + perPage) items.push(offer);
      total += 1;
    }
    return { total, items, providers };
  }

  private replace(offer: CatalogueOffer, version: number): void {
    const before = this.current.get(offer.id);
    if (before) before.until = version;
    const revision: Revision = { offer, from: version, until: FOREVER };
    this.current.set(offer.id, revision);
    this.revisions.push(revision);
  }

  private advanceProviders(version: number, changed: readonly CatalogueProvider[]): void {
    const byId = new Map(this.providerStates.at(-1)?.byId);
    for (const provider of changed) byId.set(provider.id, provider);
    this.providerStates.push({ from: version, at: this.now(), byId });
  }

  private providersAt(version: number): ProvidersAt | undefined {
    return this.providerStates.findLast(({ from }) => from <= version);
  }

  /** Sorting is done once per order and version; an order that also hangs on the providers' facts is valid for one version only. */
  private ordered(
    sort: readonly SortKey[],
    version: number,
    providers: ReadonlyMap<string, CatalogueProvider>,
  ): readonly Revision[] {
    const key = `${JSON.stringify(sort)}@${dependsOnProviders(sort) ? version : 'any'}`;
    const known = this.orders.get(key);
    if (known) return known.revisions;
    const compare = offerComparator(sort, providers);
    const revisions = [...this.revisions].sort((a, b) => compare(a.offer, b.offer));
    if (this.orders.size >= KEPT_ORDERS) this.orders.delete(this.orders.keys().next().value ?? '');
    this.orders.set(key, { version, revisions });
    return revisions;
  }

  private oldestReadable(): number {
    return this.providerStates[0]?.from ?? this.newest;
  }

  /** Drops states that were superseded longer than `keepMs` ago, and the revisions that only they could see. */
  private forget(): void {
    const horizon = this.now() - this.keepMs;
    const firstKept = this.providerStates.findLastIndex(({ at }, index) => index === 0 || at <= horizon);
    if (firstKept <= 0) return;
    this.providerStates = this.providerStates.slice(firstKept);
    const oldest = this.oldestReadable();
    this.revisions = this.revisions.filter(({ until }) => until > oldest);
  }
}
