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

/** Versions whose listed rows are kept: the newest, and one that somebody walks through. */
const KEPT_VERSIONS = 2;

/** Finds rows of the table. What is listed in a version never changes, so it is found once and then only filtered. */
export class OfferSelections {
  private readonly listed = new Map<number, Uint32Array>();

  constructor(private readonly table: OfferTable) {}

  /** Rows that match, in no order. A value that is not known (NaN, no word) matches no filter on it. */
  select(request: SelectionRequest): Uint32Array {
    const { table } = this;
    const selection = new Selection(this.listedIn(request));
    keepCategories(selection, table, request);
    keepRanges(selection, table, request.filters);
    if (request.textMatches !== null) keepText(selection, table, request.textMatches);
    return selection.rows;
  }

  private listedIn({ version, providers }: SelectionRequest): Uint32Array {
    const known = this.listed.get(version);
    this.listed.delete(version);
    const rows = known ?? listedRows(this.table, version, providers);
    this.listed.set(version, rows);
    const [oldest] = this.listed.keys();
    if (this.listed.size > KEPT_VERSIONS && oldest !== undefined) this.listed.delete(oldest);
    return rows;
  }
}

/** Rows of a source that the provider no longer uses (the emulator's, once it went live) are kept and not listed. */
function listedRows(
  { rows, columns, providers: ids, sources }: OfferTable,
  version: number,
  providers: Providers,
): Uint32Array {
  const { from, until, flags, provider, source } = columns;
  const usedSource = Int32Array.from(ids.words, (id) => {
    const used = providers.get(id)?.source ?? null;
    return used === null ? ANY_SOURCE : sources.codeOf(used);
  });
  const listed = new Uint32Array(rows);
  let size = 0;
  for (let row = 0; row < rows; row += 1) {
    if (at(from, row) > version || version >= at(until, row) || (at(flags, row) & FLAG.listed) === 0) continue;
    const used = at(usedSource, at(provider, row));
    if (used === ANY_SOURCE || used === at(source, row)) listed[size++] = row;
  }
  return listed.slice(0, size);
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
  /** Owned once something was filtered; before that the rows of the version, which are everybody's. */
  private left: Uint32Array;
  private owned = false;

  constructor(listed: Uint32Array) {
    this.left = listed;
  }

  get rows(): Uint32Array {
    return this.left;
  }

  keepCodes(column: Uint32Array, accepted: Uint8Array): void {
    const { left } = this;
    const kept = this.room();
    let size = 0;
    for (let position = 0; position < left.length; position += 1) {
      const row = at(left, position);
      if (accepted[at(column, row)] === 1) kept[size++] = row;
    }
    this.left = kept.subarray(0, size);
  }

  keepEither(first: Uint32Array, inFirst: Uint8Array, second: Uint32Array, inSecond: Uint8Array): void {
    const { left } = this;
    const kept = this.room();
    let size = 0;
    for (let position = 0; position < left.length; position += 1) {
      const row = at(left, position);
      if (inFirst[at(first, row)] === 1 || inSecond[at(second, row)] === 1) kept[size++] = row;
    }
    this.left = kept.subarray(0, size);
  }

  /** Every one of the bits has to be set. */
  keepBits(column: Uint32Array, bits: number): void {
    const { left } = this;
    const kept = this.room();
    let size = 0;
    for (let position = 0; position < left.length; position += 1) {
      const row = at(left, position);
      if ((at(column, row) & bits) === bits) kept[size++] = row;
    }
    this.left = kept.subarray(0, size);
  }

  keepRange(column: Float64Array, least: number, most: number): void {
    const { left } = this;
    const kept = this.room();
    let size = 0;
    for (let position = 0; position < left.length; position += 1) {
      const row = at(left, position);
      const value = at(column, row);
      if (value >= least && value <= most) kept[size++] = row;
    }
    this.left = kept.subarray(0, size);
  }

  /** Where the kept rows go: over the old ones, never ahead of the reading. */
  private room(): Uint32Array {
    if (this.owned) return this.left;
    this.owned = true;
    return new Uint32Array(this.left.length);
  }
}

/** A typed array answers a number for every row of the table; the type does not know that. */
const at = (column: Float64Array | Uint32Array | Int32Array, row: number): number => column[row] ?? Number.NaN;
