import type { ErrorDetailDto } from '@gpubroker/contracts/errors';
import {
  AVAILABILITY_STATUSES,
  COMPLIANCE_TAGS,
  MACRO_REGIONS,
  PRICING_KINDS,
  type AvailabilityStatus,
  type ComplianceTag,
  type MacroRegion,
  type PricingKind,
} from '@gpubroker/contracts/offers';

/** The filters of SPEC P7, but `q`. Absent members match everything. */
export interface PriceFilters {
  /** Lower case; a literal part of the model's name. */
  readonly gpuType?: string;
  readonly region?: RegionFilter;
  readonly provider?: string;
  readonly availability?: AvailabilityStatus;
  /** Per GPU-hour, both ends included. */
  readonly priceMin?: number;
  readonly priceMax?: number;
  /** GB of one GPU, both ends included. */
  readonly gpuMemory?: { readonly least: number; readonly most: number };
  readonly gpuCount?: number;
  readonly pricing?: PricingKind;
  /** The offer has all of them. */
  readonly complianceTags?: readonly ComplianceTag[];
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

/** What one member says; the bounds of memory become one range at the end. */
type Part = PriceFilters & { readonly memoryMin?: number; readonly memoryMax?: number };

const READERS = {
  gpu_type: (given: unknown) => mapped(readText(given), (text) => ({ gpuType: text.toLowerCase() })),
  region: (given: unknown) => mapped(readText(given), (text) => ({ region: toRegionFilter(text.toLowerCase()) })),
  provider: (given: unknown) => mapped(readText(given), (provider) => ({ provider })),
  availability: (given: unknown) =>
    mapped(readOneOf(AVAILABILITY_STATUSES, given), (availability) => ({ availability })),
  price_min: (given: unknown) => mapped(readNumber(given), (priceMin) => ({ priceMin })),
  max_price: (given: unknown) => mapped(readNumber(given), (priceMax) => ({ priceMax })),
  gpu_memory_min: (given: unknown) => mapped(readNumber(given), (memoryMin) => ({ memoryMin })),
  gpu_memory_max: (given: unknown) => mapped(readNumber(given), (memoryMax) => ({ memoryMax })),
  gpu_memory_gb: (given: unknown) => mapped(readNumber(given), (gb) => ({ gpuMemory: { least: gb, most: gb } })),
  gpu_count: (given: unknown) => mapped(readNumber(given), (gpuCount) => ({ gpuCount })),
  pricing: (given: unknown) => mapped(readOneOf(PRICING_KINDS, given), (pricing) => ({ pricing })),
  compliance_tag: (given: unknown) => mapped(readTags(given), (complianceTags) => ({ complianceTags })),
} satisfies Record<string, (given: unknown) => Reading<Part>>;

type FilterName = keyof typeof READERS;

const ALIASES: Readonly<Record<string, FilterName>> = {
  gpu: 'gpu_type',
  min_price: 'price_min',
  price_max: 'max_price',
  compliance_tags: 'compliance_tag',
};
/** Full text is PostgreSQL's to search. Ignored, it would let through what was ruled out. */
const LIST_ONLY: ReadonlySet<string> = new Set(['q']);

/** Reads the `filters` of a subscription. Every problem is reported, nothing is guessed; null and "" count as absent. */
export function parseFilters(given: Readonly<Record<string, unknown>>): FiltersResult {
  const entries = Object.entries(given);
  if (entries.length > MAX_FILTERS) return refused('filters', `must have at most ${MAX_FILTERS} members`);
  const problems: ErrorDetailDto[] = [];
  const found = new Map<FilterName, Part>();
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
  return { ok: true, filters: withMemoryRange(Object.assign({}, ...found.values()) as Part) };
}

/** An exact size and bounds beside it must all hold, as in the list. */
function withMemoryRange({ memoryMin, memoryMax, ...filters }: Part): PriceFilters {
  if (memoryMin === undefined && memoryMax === undefined) return filters;
  const { least, most } = filters.gpuMemory ?? { least: 0, most: Number.POSITIVE_INFINITY };
  const gpuMemory = {
    least: Math.max(least, memoryMin ?? least),
    most: Math.min(most, memoryMax ?? most),
  };
  return { ...filters, gpuMemory };
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

function readOneOf<Word extends string>(words: readonly Word[], given: unknown): Reading<Word> {
  const value = words.find((word) => word === given);
  return value === undefined ? { problem: `must be one of ${words.join(', ')}` } : { value };
}

/** One, or a list where the query string repeats the name. */
function readTags(given: unknown): Reading<readonly ComplianceTag[]> {
  const asked: readonly unknown[] = Array.isArray(given) ? given : [given];
  const value = COMPLIANCE_TAGS.filter((tag) => asked.includes(tag));
  const allKnown = asked.every((one) => value.some((tag) => tag === one));
  return allKnown ? { value } : { problem: `must be of ${COMPLIANCE_TAGS.join(', ')}` };
}

function readNumber(given: unknown): Reading<number> {
  const isPrice = typeof given === 'number' ? Number.isFinite(given) && given >= 0 : DECIMAL.test(String(given));
  return isPrice ? { value: Number(given) } : { problem: 'must be a plain decimal number, not negative' };
}

function toRegionFilter(region: string): RegionFilter {
  const macro = MACRO_REGIONS.find((name) => name === region);
  if (macro !== undefined) return { kind: 'macro', macro };
  return region.endsWith('-') ? { kind: 'prefix', prefix: region } : { kind: 'code', code: region };
}
