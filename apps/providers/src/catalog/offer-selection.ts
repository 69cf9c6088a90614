import type { CatalogueProvider } from './catalogue-offer';
import type { OfferFilters, RegionFilter, TextMatches } from './offer-query';
import { FLAG, tagBits, type OfferTable } from './offer-table';

type Providers = ReadonlyMap<string, CatalogueProvider>;

/** What a version is filtered with. */
export interface SelectionRequest {
  readonly version: number;
  readonly providers: Providers;
  readonly filters: OfferFilters;
  /** What matches `q`; null when it is not asked for. */
  readonly textMatches: TextMatches | null;
}

/** Rows of the table that match, in no order. A value that is not known (NaN, no word) matches no filter on it. */
export function selectOffers(table: OfferTable, request: SelectionRequest): Uint32Array {
  const selection = new Selection(table, request.version);
  keepListed(selection, table, request.providers);
  keepCategories(selection, table, request);
  keepRanges(selection, table, request.filters);
  if (request.textMatches !== null) keepText(selection, table, request.textMatches);
  return selection.rows;
}

/** Rows of a source that the provider no longer uses (the emulator's, once it went live) are kept and not listed. */
function keepListed(selection: Selection, table: OfferTable, providers: Providers): void {
  selection.keepBits(table.columns.flags, FLAG.listed);
  const usedSource = Int32Array.from(table.providers.words, (id) => {
    const source = providers.get(id)?.source ?? null;
    return source === null ? ANY_SOURCE : table.sources.codeOf(source);
  });
  selection.keepSource(table.columns.provider, table.columns.source, usedSource);
}

const ANY_SOURCE = -1;

function keepCategories(selection: Selection, table: OfferTable, { filters, providers }: SelectionRequest): void {
  const { columns } = table;
  const { gpuType, region, provider, availability, complianceTags, pricing } = filters;
  if (provider !== undefined)
    selection.keepCodes(
      columns.provider,
      table.providers.codesWhere((id) => providers.get(id)?.slug === provider),
    );
  if (gpuType !== undefined)
    selection.keepCodes(
      columns.gpuType,
      table.gpuTypes.codesWhere((word) => word.includes(gpuType)),
    );
  if (region !== undefined) keepRegion(selection, table, region);
  if (availability !== undefined)
    selection.keepCodes(
      columns.availability,
      table.availabilities.codesWhere((word) => word === availability),
    );
  if (pricing !== undefined)
    selection.keepCodes(
      columns.pricing,
      table.pricings.codesWhere((word) => word === pricing),
    );
  if (complianceTags !== undefined) selection.keepBits(columns.tags, tagBits(complianceTags));
}

function keepRegion(selection: Selection, { columns, macroRegions, regions }: OfferTable, region: RegionFilter): void {
  switch (region.kind) {
    case 'macro':
      selection.keepCodes(
        columns.macroRegion,
        macroRegions.codesWhere((word) => word === region.macro),
      );
      break;
    case 'prefix':
      selection.keepCodes(
        columns.region,
        regions.codesWhere((word) => word.startsWith(region.prefix)),
      );
      break;
    case 'code':
      selection.keepCodes(
        columns.region,
        regions.codesWhere((word) => word === region.code),
      );
  }
}

function keepRanges(selection: Selection, { columns }: OfferTable, filters: OfferFilters): void {
  const { gpuMemoryMin, gpuMemoryMax, gpuMemory, gpuCount, priceMin, priceMax } = filters;
  if (gpuMemory !== undefined) selection.keepRange(columns.memory, gpuMemory, gpuMemory);
  if (gpuMemoryMin !== undefined || gpuMemoryMax !== undefined)
    selection.keepRange(columns.memory, gpuMemoryMin ?? -Infinity, gpuMemoryMax ?? Infinity);
  if (gpuCount !== undefined) selection.keepRange(columns.count, gpuCount, gpuCount);
  if (priceMin !== undefined || priceMax !== undefined)
    selection.keepRange(columns.price, priceMin ?? -Infinity, priceMax ?? Infinity);
}

function keepText(selection: Selection, { columns, words, providers }: OfferTable, matches: TextMatches): void {
  selection.keepEither(
    columns.words,
    words.codesWhere((word) => matches.words.has(word)),
    columns.provider,
    providers.codesWhere((id) => matches.providerIds.has(id)),
  );
}

/** Row numbers that are left. Each step is one plain loop over numbers: a function per row would cost more than the work. */
class Selection {
  private readonly chosen: Uint32Array;
  private size = 0;

  constructor({ rows, columns: { from, until } }: OfferTable, version: number) {
    this.chosen = new Uint32Array(rows);
    for (let row = 0; row < rows; row += 1)
      if (at(from, row) <= version && version < at(until, row)) this.chosen[this.size++] = row;
  }

  get rows(): Uint32Array {
    return this.chosen.subarray(0, this.size);
  }

  keepCodes(column: Uint32Array, accepted: Uint8Array): void {
    const { rows } = this;
    this.size = 0;
    for (const row of rows) if (accepted[at(column, row)] === 1) this.chosen[this.size++] = row;
  }

  keepEither(first: Uint32Array, inFirst: Uint8Array, second: Uint32Array, inSecond: Uint8Array): void {
    const { rows } = this;
    this.size = 0;
    for (const row of rows)
      if (inFirst[at(first, row)] === 1 || inSecond[at(second, row)] === 1) this.chosen[this.size++] = row;
  }

  /** Every one of the bits has to be set. */
  keepBits(column: Uint32Array, bits: number): void {
    const { rows } = this;
    this.size = 0;
    for (const row of rows) if ((at(column, row) & bits) === bits) this.chosen[this.size++] = row;
  }

  keepRange(column: Float64Array, least: number, most: number): void {
    const { rows } = this;
    this.size = 0;
    for (const row of rows) {
      const value = at(column, row);
      if (value >= least && value <= most) this.chosen[this.size++] = row;
    }
  }

  keepSource(providers: Uint32Array, sources: Uint32Array, usedSource: Int32Array): void {
    const { rows } = this;
    this.size = 0;
    for (const row of rows) {
      const used = at(usedSource, at(providers, row));
      if (used === ANY_SOURCE || used === at(sources, row)) this.chosen[this.size++] = row;
    }
  }
}

/** A typed array answers a number for every row of the table; the type does not know that. */
const at = (column: Float64Array | Uint32Array | Int32Array, row: number): number => column[row] ?? Number.NaN;
