import type { CatalogueOffer, CatalogueProvider } from './catalogue-offer';
import type { SortField, SortKey } from './offer-query';
import { FLAG, type OfferTable } from './offer-table';

type Providers = ReadonlyMap<string, CatalogueProvider>;
type Column = 'price' | 'nodePrice' | 'memory';

/** Present offers were last seen when their provider was last synced well: no row is rewritten only to say so. */
export function lastSeenAt(offer: CatalogueOffer, provider: CatalogueProvider | undefined): number {
  return offer.vanished ? offer.lastSeenAt : Math.max(offer.lastSeenAt, provider?.lastGoodSyncAt ?? 0);
}

/** Compares two positions of a selection. */
export type ComparePositions = (a: number, b: number) => number;

/** A total order over the selected rows: equal offers stand by id, so that pages never repeat or skip one. */
export function positionComparator(
  table: OfferTable,
  rows: Uint32Array,
  sort: readonly SortKey[],
  providers: Providers,
): ComparePositions {
  const [first, ...others] = sort.flatMap((key) => rankOf(table, rows, key, providers) ?? []);
  const byId = idComparator(table, rows);
  if (!first) return byId;
  if (others.length === 0) return (a, b) => value(first, a) - value(first, b) || byId(a, b);
  return (a, b) => {
    let order = value(first, a) - value(first, b);
    for (const rank of others) order ||= value(rank, a) - value(rank, b);
    return order || byId(a, b);
  };
}

function idComparator(table: OfferTable, rows: Uint32Array): ComparePositions {
  const prefix = Float64Array.from(rows, (row) => value(table.columns.idPrefix, row));
  const idAt = (position: number) => table.offerAt(value(rows, position)).id;
  return (a, b) => value(prefix, a) - value(prefix, b) || compareTexts(idAt(a), idAt(b));
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Unknown goes last in either direction; a finite number, because the difference of two infinities is none. */
const LAST = Number.MAX_VALUE;

/** For each selected row a number that is lower the earlier it stands; null when no offer has such a value. */
function rankOf(
  table: OfferTable,
  rows: Uint32Array,
  { field, descending }: SortKey,
  providers: Providers,
): Float64Array | null {
  const read = reader(table, field, providers);
  if (!read) return null;
  const rank = new Float64Array(rows.length);
  for (let position = 0; position < rows.length; position += 1) {
    const known = read(value(rows, position));
    rank[position] = Number.isNaN(known) ? LAST : descending ? -known : known;
  }
  return rank;
}

function reader(table: OfferTable, field: SortField, providers: Providers): ((row: number) => number) | null {
  switch (field) {
    case 'price_per_hour':
      return columnReader(table, 'price');
    case 'price_per_node_hour':
      return columnReader(table, 'nodePrice');
    case 'gpu_memory_gb':
      return columnReader(table, 'memory');
    case 'reliability_score':
      return providerReader(table, (id) => providers.get(id)?.reliabilityScore ?? Number.NaN);
    case 'last_seen_at':
      return lastSeenReader(table, providers);
    case 'cost_per_token':
      return null;
  }
}

function columnReader({ columns }: OfferTable, name: Column): (row: number) => number {
  const column = columns[name];
  return (row) => value(column, row);
}

/** Facts of the provider move without any offer moving: they are looked up, never copied into the rows. */
function providerReader({ columns, providers }: OfferTable, factOf: (id: string) => number): (row: number) => number {
  const facts = Float64Array.from(providers.words, factOf);
  return (row) => value(facts, value(columns.provider, row));
}

function lastSeenReader(table: OfferTable, providers: Providers): (row: number) => number {
  const { lastSeen, flags } = table.columns;
  const synced = providerReader(table, (id) => providers.get(id)?.lastGoodSyncAt ?? 0);
  return (row) =>
    (value(flags, row) & FLAG.vanished) !== 0 ? value(lastSeen, row) : Math.max(value(lastSeen, row), synced(row));
}

/** A typed array answers a number for every position in it; the type does not know that. */
const value = (column: Float64Array | Uint32Array, position: number): number => column[position] ?? Number.NaN;
