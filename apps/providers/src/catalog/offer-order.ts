import type { CatalogueOffer, CatalogueProvider } from './catalogue-offer';
import type { SortField, SortKey } from './offer-query';
import { FLAG, type OfferTable } from './offer-table';
import type { RankKey, RowOrder } from './ranked-rows';

type Providers = ReadonlyMap<string, CatalogueProvider>;

/** Present offers were last seen when their provider was last synced well: no row is rewritten only to say so. */
export function lastSeenAt(offer: CatalogueOffer, provider: CatalogueProvider | undefined): number {
  return offer.vanished ? offer.lastSeenAt : Math.max(offer.lastSeenAt, provider?.lastGoodSyncAt ?? 0);
}

/** A total order over rows: equal offers stand by id, so that pages never repeat or skip one. */
export function rowOrder(table: OfferTable, sort: readonly SortKey[], providers: Providers): RowOrder {
  const keys = sort.map((key) => rankKey(table, key, providers));
  const idAt = (row: number) => table.offerAt(row).id;
  return {
    keys: [...keys, (rows) => gathered(table.columns.idPrefix, rows)],
    compare: (a, b) => compareTexts(idAt(a), idAt(b)),
  };
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function rankKey(table: OfferTable, { field, descending }: SortKey, providers: Providers): RankKey {
  const read = valueReader(table, field, providers);
  return (rows) => ranks(read(rows), descending);
}

/** Unknown goes last in either direction. */
function ranks(values: Float64Array, descending: boolean): Float64Array {
  for (let at = 0; at < values.length; at += 1) {
    const known = values[at] ?? Number.NaN;
    values[at] = Number.isNaN(known) ? Number.MAX_VALUE : descending ? -known : known;
  }
  return values;
}

/** Reads the values of rows into a new array, NaN where one is not known. */
function valueReader(table: OfferTable, field: SortField, providers: Providers): RankKey {
  switch (field) {
    case 'price_per_hour':
      return (rows) => gathered(table.columns.price, rows);
    case 'price_per_node_hour':
      return (rows) => gathered(table.columns.nodePrice, rows);
    case 'gpu_memory_gb':
      return (rows) => gathered(table.columns.memory, rows);
    case 'reliability_score':
      return (rows) => providerFacts(table, rows, (id) => providers.get(id)?.reliabilityScore ?? Number.NaN);
    case 'last_seen_at':
      return (rows) => lastSeen(table, rows, providers);
    case 'cost_per_token':
      return (rows) => gathered(table.columns.costPerToken, rows);
  }
}

function gathered(column: Float64Array, rows: Uint32Array): Float64Array {
  const values = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) values[at] = column[rows[at] ?? 0] ?? Number.NaN;
  return values;
}

/** Facts of the provider move without any offer moving: they are looked up, never copied into the rows. */
function providerFacts(
  { columns, providers }: OfferTable,
  rows: Uint32Array,
  factOf: (id: string) => number,
): Float64Array {
  const facts = Float64Array.from(providers.words, factOf);
  const values = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) values[at] = facts[columns.provider[rows[at] ?? 0] ?? 0] ?? Number.NaN;
  return values;
}

function lastSeen(table: OfferTable, rows: Uint32Array, providers: Providers): Float64Array {
  const { lastSeen: own, flags } = table.columns;
  const synced = providerFacts(table, rows, (id) => providers.get(id)?.lastGoodSyncAt ?? 0);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    const seen = own[row] ?? 0;
    const isGone = ((flags[row] ?? 0) & FLAG.vanished) !== 0;
    synced[at] = isGone ? seen : Math.max(seen, synced[at] ?? 0);
  }
  return synced;
}
