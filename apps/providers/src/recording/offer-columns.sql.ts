import type { OfferWrite } from '../ingestion/sync-diff';

/** How one column of `gpu_offers` travels to the database: as one array for all rows of a statement. */
interface SentColumn {
  readonly name: string;
  /** Element type of the array; where it is not the column's own, `cast` leads there. */
  readonly type: string;
  readonly cast?: string;
  readonly value: (write: OfferWrite) => string | number | boolean | null;
}

/** Which offer it is, and whether it moved: read by the statement, not all of it written. */
const IDENTITY: readonly SentColumn[] = [
  { name: 'id', type: 'uuid', value: ({ id }) => id },
  { name: 'external_id', type: 'text', value: ({ offer }) => offer.externalId },
  { name: 'moved', type: 'boolean', value: ({ moved }) => moved },
  { name: 'old_price', type: 'numeric', value: ({ oldPrice }) => oldPrice },
];

/** Everything of an offer that a sync may change; the rest (id, provider, external_id, created_at) never does. */
const FACTS: readonly SentColumn[] = [
  { name: 'gpu_type', type: 'text', value: ({ offer }) => offer.gpuType },
  { name: 'gpu_family', type: 'text', value: ({ offer }) => offer.gpuFamily },
  { name: 'gpu_match', type: 'text', value: ({ offer }) => offer.gpuMatch },
  { name: 'upstream_gpu_name', type: 'text', value: ({ offer }) => offer.upstreamGpuName },
  { name: 'gpu_count', type: 'numeric', value: ({ offer }) => offer.gpuCount },
  { name: 'gpu_memory_gb', type: 'integer', value: ({ offer }) => offer.gpuMemoryGb },
  { name: 'cpu_cores', type: 'integer', value: ({ offer }) => offer.cpuCores },
  { name: 'ram_gb', type: 'integer', value: ({ offer }) => offer.ramGb },
  { name: 'storage_gb', type: 'integer', value: ({ offer }) => offer.storageGb },
  { name: 'price_per_hour', type: 'numeric', value: ({ offer }) => offer.pricePerHour },
  { name: 'price_per_node_hour', type: 'numeric', value: ({ offer }) => offer.pricePerNodeHour },
  { name: 'currency', type: 'text', value: ({ offer }) => offer.currency },
  { name: 'pricing', type: 'text', value: ({ offer }) => offer.pricing },
  { name: 'region', type: 'text', value: ({ offer }) => offer.region },
  { name: 'macro_region', type: 'text', value: ({ offer }) => offer.macroRegion },
  { name: 'availability_status', type: 'text', value: ({ offer }) => offer.availability },
  { name: 'availability_known', type: 'boolean', value: ({ offer }) => offer.availabilityKnown },
  // Lists of different lengths do not fit into one array of arrays: each travels as the text of an array.
  {
    name: 'compliance_tags',
    type: 'text',
    cast: 'text[]',
    value: ({ offer }) => `{${offer.complianceTags.join(',')}}`,
  },
  { name: 'attributes', type: 'text', cast: 'jsonb', value: ({ offer }) => JSON.stringify(offer.attributes) },
  { name: 'source', type: 'text', value: ({ offer }) => offer.source },
  { name: 'fingerprint', type: 'text', value: ({ offer }) => offer.fingerprint },
];

const SENT = [...IDENTITY, ...FACTS];

export const FACT_COLUMNS: readonly string[] = FACTS.map(({ name }) => name);

/** A FROM item with one row per offer, all columns under their names; its parameters begin at `$first`. */
export function incomingRowsSql(first: number): string {
  const arrays = SENT.map(({ type }, at) => `$${first + at}::${type}[]`).join(', ');
  const names = SENT.map(({ name }) => name).join(', ');
  const columns = SENT.map(({ name, cast }) => (cast === undefined ? name : `${name}::${cast} AS ${name}`)).join(', ');
  return `(SELECT ${columns} FROM unnest(${arrays}) AS sent (${names}))`;
}

/** The values of `incomingRowsSql`, in its order: each the text of an array, so that nothing is left to do when it is sent. */
export function incomingRows(writes: readonly OfferWrite[]): string[] {
  return SENT.map(({ value }) => arrayText(writes, value));
}

function arrayText(writes: readonly OfferWrite[], valueOf: SentColumn['value']): string {
  let text = '';
  for (const write of writes) {
    const value = valueOf(write);
    text += value === null ? ',NULL' : `,"${escaped(String(value))}"`;
  }
  return `{${text.slice(1)}}`;
}

/** Quotes and backslashes are rare: looking for them costs less than replacing nothing. */
const escaped = (text: string) => (/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text);
