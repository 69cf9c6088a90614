import { COMPLIANCE_TAGS } from '@gpubroker/contracts/offers';
import type { CatalogueOffer } from './catalogue-offer';
import { Dictionary } from './dictionary';
import { idPrefix } from './id-prefix';
import type { CostedOffer, UnitCosts } from './unit-costs';

const FIRST_ROWS = 1_024;

/** The columns that filters and sorts read, by row. Categories are codes of their dictionaries, NaN is "not known". */
interface Columns {
  readonly from: Float64Array;
  readonly until: Float64Array;
  readonly idPrefix: Float64Array;
  readonly price: Float64Array;
  readonly nodePrice: Float64Array;
  readonly memory: Float64Array;
  readonly count: Float64Array;
  readonly lastSeen: Float64Array;
  readonly costPerToken: Float64Array;
  readonly costPerGflop: Float64Array;
  readonly provider: Uint32Array;
  readonly gpuType: Uint32Array;
  readonly region: Uint32Array;
  readonly words: Uint32Array;
  readonly macroRegion: Uint32Array;
  readonly availability: Uint32Array;
  readonly pricing: Uint32Array;
  readonly source: Uint32Array;
  readonly tags: Uint32Array;
  /** Bits of FLAG. */
  readonly flags: Uint32Array;
}

export const FLAG = { listed: 1, vanished: 2 } as const;

/**
 * Offers as columns of numbers beside the objects: each row is one offer for as long as it looked like this, from a version
 * up to, and without, another. Rows are used again once they are freed.
 */
export class OfferTable {
  readonly providers = new Dictionary();
  readonly gpuTypes = new Dictionary();
  /** Models as offers write them: what math-core is asked about. */
  readonly models = new Dictionary();
  readonly regions = new Dictionary();
  /** Model and region together: what `q` searches in. */
  readonly words = new Dictionary();
  readonly macroRegions = new Dictionary();
  readonly availabilities = new Dictionary();
  readonly pricings = new Dictionary();
  readonly sources = new Dictionary();
  columns: Columns = columnsFor(FIRST_ROWS);
  private readonly offers: (CatalogueOffer | null)[] = [];
  private readonly freed: number[] = [];

  /** Rows in use and freed ones; a freed row is visible in no version. */
  get rows(): number {
    return this.offers.length;
  }

  offerAt(row: number): CatalogueOffer {
    const offer = this.offers[row];
    if (!offer) throw new RangeError(`row ${row} holds no offer`);
    return offer;
  }

  /** With what it costs by the unit at the rates of its version. */
  costedAt(row: number): CostedOffer {
    return { offer: this.offerAt(row), costs: this.costsAt(row) };
  }

  costsAt(row: number): UnitCosts {
    const { costPerToken, costPerGflop } = this.columns;
    return { costPerToken: knownOrNull(costPerToken[row]), costPerGflop: knownOrNull(costPerGflop[row]) };
  }

  add(offer: CatalogueOffer, costs: UnitCosts, from: number): number {
    const row = this.freed.pop() ?? this.offers.length;
    if (row === this.columns.from.length) this.columns = grown(this.columns);
    this.offers[row] = offer;
    this.fill(row, offer);
    this.columns.costPerToken[row] = costs.costPerToken ?? Number.NaN;
    this.columns.costPerGflop[row] = costs.costPerGflop ?? Number.NaN;
    this.columns.from[row] = from;
    this.columns.until[row] = Number.POSITIVE_INFINITY;
    return row;
  }

  free(row: number): void {
    this.offers[row] = null;
    this.columns.until[row] = Number.NEGATIVE_INFINITY;
    this.freed.push(row);
  }

  private fill(row: number, offer: CatalogueOffer): void {
    const { columns } = this;
    columns.idPrefix[row] = idPrefix(offer.id);
    columns.price[row] = offer.pricePerHour;
    columns.nodePrice[row] = offer.pricePerNodeHour ?? Number.NaN;
    columns.memory[row] = offer.gpuMemoryGb ?? Number.NaN;
    columns.count[row] = offer.gpuCount ?? Number.NaN;
    columns.lastSeen[row] = offer.lastSeenAt;
    columns.provider[row] = this.providers.codeOf(offer.providerId);
    columns.gpuType[row] = this.gpuTypes.codeOf(offer.gpuType.toLowerCase());
    this.models.codeOf(offer.gpuType);
    columns.region[row] = this.regions.codeOf(offer.region.toLowerCase());
    columns.words[row] = this.words.codeOf(`${offer.gpuType} ${offer.region}`);
    columns.macroRegion[row] = this.macroRegions.codeOf(offer.macroRegion ?? '');
    columns.availability[row] = this.availabilities.codeOf(offer.availability);
    columns.pricing[row] = this.pricings.codeOf(offer.pricing ?? '');
    columns.source[row] = this.sources.codeOf(offer.source);
    columns.tags[row] = tagBits(offer.complianceTags);
    columns.flags[row] = (offer.listed ? FLAG.listed : 0) | (offer.vanished ? FLAG.vanished : 0);
  }
}

const knownOrNull = (value = Number.NaN): number | null => (Number.isNaN(value) ? null : value);

export function tagBits(tags: readonly string[]): number {
  let bits = 0;
  COMPLIANCE_TAGS.forEach((tag, at) => {
    if (tags.includes(tag)) bits |= 1 << at;
  });
  return bits;
}

function columnsFor(rows: number): Columns {
  return {
    from: new Float64Array(rows),
    until: new Float64Array(rows).fill(Number.NEGATIVE_INFINITY),
    idPrefix: new Float64Array(rows),
    price: new Float64Array(rows),
    nodePrice: new Float64Array(rows),
    memory: new Float64Array(rows),
    count: new Float64Array(rows),
    lastSeen: new Float64Array(rows),
    costPerToken: new Float64Array(rows),
    costPerGflop: new Float64Array(rows),
    provider: new Uint32Array(rows),
    gpuType: new Uint32Array(rows),
    region: new Uint32Array(rows),
    words: new Uint32Array(rows),
    macroRegion: new Uint32Array(rows),
    availability: new Uint32Array(rows),
    pricing: new Uint32Array(rows),
    source: new Uint32Array(rows),
    tags: new Uint32Array(rows),
    flags: new Uint32Array(rows),
  };
}

function grown(columns: Columns): Columns {
  const larger = columnsFor(columns.from.length * 2);
  for (const name of Object.keys(columns) as (keyof Columns)[]) larger[name].set(columns[name]);
  return larger;
}
