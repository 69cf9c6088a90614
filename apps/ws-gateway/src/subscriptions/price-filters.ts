import type { ErrorDetailDto } from '@gpubroker/contracts/errors';
import {
  AVAILABILITY_STATUSES,
  MACRO_REGIONS,
  type AvailabilityStatus,
  type MacroRegion,
} from '@gpubroker/contracts/offers';

/** The filters of SPEC P7 that a price change can answer. Absent members match everything. */
export interface PriceFilters {
  /** Lower case; a literal part of the model's name. */
  readonly gpuType?: string;
  readonly region?: RegionFilter;
  readonly provider?: string;
  readonly availability?: AvailabilityStatus;
  /** Per GPU-hour, both ends included. */
  readonly priceMin?: number;
  readonly priceMax?: number;
}

export type RegionFilter =
  | { readonly kind: 'macro'; readonly macro: MacroRegion }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'code'; readonly code: string };

export type FiltersResult =
  | { readonly ok: true; readonly filters: PriceFilters }
  | { readonly ok: false; readonly problems: readonly ErrorDetailDto[] };

const MAX_FILTERS = 50;
const MAX_TEXT = 100;
/** As in the query string of the list: "1e999", "-1" and "NaN" are mistakes, not numbers. */
const DECIMAL = /^\d{1,12}(\.\d{1,6})?$/;

type Reading<T> = { readonly value: T } | { readonly problem: string };

const READERS = {
  gpu_type: (given: unknown) => mapped(readText(given), (text) => ({ gpuType: text.toLowerCase() })),
  region: (given: unknown) => mapped(readText(given), (text) => ({ region: toRegionFilter(text.toLowerCase()) })),
  provider: (given: unknown) => mapped(readText(given), (provider) => ({ provider })),
  availability: (given: unknown) => mapped(readAvailability(given), (availability) => ({ availability })),
  price_min: (given: unknown) => mapped(readPrice(given), (priceMin) => ({ priceMin })),
  max_price: (given: unknown) => mapped(readPrice(given), (priceMax) => ({ priceMax })),
} satisfies Record<string, (given: unknown) => Reading<PriceFilters>>;

type FilterName = keyof typeof READERS;

const ALIASES: Readonly<Record<string, FilterName>> = {
  gpu: 'gpu_type',
  min_price: 'price_min',
  price_max: 'max_price',
};
/** Filters of the list on facts that a price change does not carry. Ignored, they would let through what was ruled out. */
const LIST_ONLY: ReadonlySet<string> = new Set([
  'compliance_tag',
  'compliance_tags',
  'gpu_memory_min',
  'gpu_memory_max',
  'gpu_memory_gb',
  'gpu_count',
  'pricing',
  'q',
]);

/** Reads the `filters` of a subscription. Every problem is reported, nothing is guessed; null and "" count as absent. */
export function parseFilters(given: Readonly<Record<string, unknown>>): FiltersResult {
  const entries = Object.entries(given);
  if (entries.length > MAX_FILTERS) return refused('filters', `must have at most ${MAX_FILTERS} members`);
  const problems: ErrorDetailDto[] = [];
  const found = new Map<FilterName, PriceFilters>();
  for (const [key, value] of entries) {
    const name = filterName(key);
    if (name === null) problems.push({ field: key.slice(0, MAX_TEXT), message: unknownMessage(key) });
    else if (found.has(name)) problems.push({ field: name, message: 'must be given once' });
    else if (value !== null && value !== '') {
      const reading = READERS[name](value);
      if ('problem' in reading) problems.push({ field: name, message: reading.problem });
      else found.set(name, reading.value);
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, filters: Object.assign({}, ...found.values()) as PriceFilters };
}

function filterName(key: string): FilterName | null {
  const name = Object.hasOwn(ALIASES, key) ? ALIASES[key] : key;
  return name !== undefined && Object.hasOwn(READERS, name) ? (name as FilterName) : null;
}

function unknownMessage(key: string): string {
  return LIST_ONLY.has(key)
    ? 'cannot be answered by a price change'
    : `is not a filter: ${Object.keys(READERS).join(', ')}`;
}

const refused = (field: string, message: string): FiltersResult => ({ ok: false, problems: [{ field, message }] });

function mapped<T, U>(reading: Reading<T>, map: (value: T) => U): Reading<U> {
  return 'problem' in reading ? reading : { value: map(reading.value) };
}

function readText(given: unknown): Reading<string> {
  return typeof given === 'string' && given.length <= MAX_TEXT
    ? { value: given }
    : { problem: `must be a text of at most ${MAX_TEXT} characters` };
}

function readAvailability(given: unknown): Reading<AvailabilityStatus> {
  const value = AVAILABILITY_STATUSES.find((status) => status === given);
  return value === undefined ? { problem: `must be one of ${AVAILABILITY_STATUSES.join(', ')}` } : { value };
}

function readPrice(given: unknown): Reading<number> {
  const isPrice = typeof given === 'number' ? Number.isFinite(given) && given >= 0 : DECIMAL.test(String(given));
  return isPrice ? { value: Number(given) } : { problem: 'must be a plain decimal number, not negative' };
}

function toRegionFilter(region: string): RegionFilter {
  const macro = MACRO_REGIONS.find((name) => name === region);
  if (macro !== undefined) return { kind: 'macro', macro };
  return region.endsWith('-') ? { kind: 'prefix', prefix: region } : { kind: 'code', code: region };
}
