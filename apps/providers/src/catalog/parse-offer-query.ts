import type { ErrorDetailDto } from '@gpubroker/contracts/errors';
import { AVAILABILITY_STATUSES, COMPLIANCE_TAGS, MACRO_REGIONS, PRICING_KINDS } from '@gpubroker/contracts/offers';
import {
  SORT_FIELDS,
  type OfferFilters,
  type OfferQuery,
  type RegionFilter,
  type SortField,
  type SortKey,
} from './offer-query';

/** Query string as Fastify reads it: a repeated key is an array. */
export type RawQuery = Readonly<Record<string, string | string[] | undefined>>;

export interface ParsedOfferQuery {
  readonly query: OfferQuery;
  /** The filters under the names of SPEC P7, as understood; part of the answer and of the cache key. */
  readonly applied: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

export type OfferQueryResult =
  | { readonly ok: true; readonly value: ParsedOfferQuery }
  | { readonly ok: false; readonly problems: readonly ErrorDetailDto[] };

const PER_PAGE = [10, 20, 50, 100];
const DEFAULT_PER_PAGE = 20;
const MAX_TEXT = 100;
const MAX_PAGE = 1_000_000_000;
const MAX_AMOUNT = 1_000_000;
/** No sign, no spaces, an exponent only as doubles print small numbers: "1e999", "-1", " 5" and "NaN" are mistakes. */
const DECIMAL = /^\d{1,7}(\.\d{1,20})?(e-\d{1,3})?$/;
const INTEGER = /^\d{1,10}$/;
const VERSION = /^\d{1,15}$/;

const ALIASES: Readonly<Record<string, string>> = {
  gpu: 'gpu_type',
  compliance_tags: 'compliance_tag',
  min_price: 'price_min',
  price_max: 'max_price',
};
const KNOWN = new Set([
  'gpu_type',
  'region',
  'provider',
  'availability',
  'compliance_tag',
  'gpu_memory_min',
  'gpu_memory_max',
  'gpu_memory_gb',
  'gpu_count',
  'pricing',
  'price_min',
  'max_price',
  'q',
  'sort',
  'page',
  'per_page',
  'version',
]);
const REPEATABLE = new Set(['compliance_tag']);

/** `Prefer: handling=strict` (RFC 7240): names in any case, the value quoted or not, beside other preferences. */
export const wantsStrictness = (prefer: string | undefined): boolean =>
  /(?:^|[,;])\s*handling\s*=\s*"?strict"?\s*(?:[,;]|$)/i.test(prefer ?? '');

/**
 * Reads the parameters of `GET /providers` (SPEC P7). Pure: every bad value is reported, none is guessed at.
 * @param strict `Prefer: handling=strict`: unknown parameters are errors instead of warnings
 */
export function parseOfferQuery(raw: RawQuery, strict: boolean): OfferQueryResult {
  const reader = new ParameterReader(raw, strict);
  const { filters, applied } = readFilters(reader);
  const sort = reader.read('sort', readSort) ?? [];
  const page = reader.read('page', readPage) ?? 1;
  const perPage = reader.read('per_page', oneOfNumbers(PER_PAGE)) ?? DEFAULT_PER_PAGE;
  const version = reader.read('version', readVersion);
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems };
  const query = {
    filters,
    sort: sort.length > 0 ? sort : DEFAULT_SORT,
    page,
    perPage,
    ...(version !== undefined && { version }),
  };
  return { ok: true, value: { query, applied, warnings: [...reader.warnings, ...impossibleRanges(filters)] } };
}

const DEFAULT_SORT: readonly SortKey[] = [{ field: 'price_per_hour', descending: false }];

function readFilters(reader: ParameterReader): { filters: OfferFilters; applied: Record<string, unknown> } {
  const applied: Record<string, unknown> = {};
  const take = <T>(name: string, read: (text: string) => Reading<T>): T | undefined => {
    const value = reader.read(name, read);
    if (value !== undefined) applied[name] = value;
    return value;
  };
  const regionText = take('region', readText);
  const tags = reader.readAll('compliance_tag', oneOf(COMPLIANCE_TAGS));
  if (tags.length > 0) applied.compliance_tag = tags;
  const candidates = {
    gpuType: take('gpu_type', readText)?.toLowerCase(),
    region: regionText === undefined ? undefined : toRegionFilter(regionText),
    provider: take('provider', readText),
    availability: take('availability', oneOf(AVAILABILITY_STATUSES)),
    complianceTags: tags.length > 0 ? tags : undefined,
    gpuMemoryMin: take('gpu_memory_min', readDecimal),
    gpuMemoryMax: take('gpu_memory_max', readDecimal),
    gpuMemory: take('gpu_memory_gb', readDecimal),
    gpuCount: take('gpu_count', readDecimal),
    pricing: take('pricing', oneOf(PRICING_KINDS)),
    priceMin: take('price_min', readDecimal),
    priceMax: take('max_price', readDecimal),
    text: take('q', readText),
  };
  return {
    filters: Object.fromEntries(Object.entries(candidates).filter(([, value]) => value !== undefined)),
    applied,
  };
}

function toRegionFilter(text: string): RegionFilter {
  const region = text.toLowerCase();
  const macro = MACRO_REGIONS.find((name) => name === region);
  if (macro) return { kind: 'macro', macro };
  return region.endsWith('-') ? { kind: 'prefix', prefix: region } : { kind: 'code', code: region };
}

function impossibleRanges(filters: OfferFilters): string[] {
  const warnings: string[] = [];
  if ((filters.priceMin ?? 0) > (filters.priceMax ?? Infinity))
    warnings.push('price_min is above max_price: nothing can match');
  if ((filters.gpuMemoryMin ?? 0) > (filters.gpuMemoryMax ?? Infinity))
    warnings.push('gpu_memory_min is above gpu_memory_max: nothing can match');
  return warnings;
}

type Reading<T> = { readonly value: T } | { readonly problem: string };

const readText = (text: string): Reading<string> =>
  text.length > MAX_TEXT ? { problem: `must be at most ${MAX_TEXT} characters` } : { value: text };

const readDecimal = (text: string): Reading<number> =>
  DECIMAL.test(text) && Number(text) <= MAX_AMOUNT
    ? { value: Number(text) }
    : { problem: `must be a decimal number from 0 to ${MAX_AMOUNT}` };

const readPage = (text: string): Reading<number> =>
  INTEGER.test(text) && Number(text) >= 1 && Number(text) <= MAX_PAGE
    ? { value: Number(text) }
    : { problem: `must be a whole number from 1 to ${MAX_PAGE}` };

const readVersion = (text: string): Reading<number> =>
  VERSION.test(text) ? { value: Number(text) } : { problem: 'must be a version from meta.version' };

const oneOf =
  <T extends string>(allowed: readonly T[]) =>
  (text: string): Reading<T> => {
    const value = allowed.find((one) => one === text);
    return value === undefined ? { problem: `must be one of ${allowed.join(', ')}` } : { value };
  };

const oneOfNumbers =
  (allowed: readonly number[]) =>
  (text: string): Reading<number> =>
    INTEGER.test(text) && allowed.includes(Number(text))
      ? { value: Number(text) }
      : { problem: `must be one of ${allowed.join(', ')}` };

/** A field named twice counts where it stands first. */
function readSort(text: string): Reading<SortKey[]> {
  const keys = new Map<SortField, SortKey>();
  for (const part of text.split(',')) {
    const descending = part.startsWith('-');
    const field = SORT_FIELDS.find((name) => name === part.slice(descending ? 1 : 0));
    if (field === undefined) return { problem: `must name ${SORT_FIELDS.join(', ')}, with - for descending` };
    if (!keys.has(field)) keys.set(field, { field, descending });
  }
  return { value: [...keys.values()] };
}

/** Resolves aliases, repetitions and empty values once, and collects what is wrong. */
class ParameterReader {
  readonly problems: ErrorDetailDto[] = [];
  readonly warnings: string[] = [];
  private readonly values = new Map<string, string[]>();

  constructor(raw: RawQuery, strict: boolean) {
    for (const [key, given] of Object.entries(raw)) {
      const name = ALIASES[key] ?? key;
      if (!KNOWN.has(name)) this.unknown(key, strict);
      else
        this.values.set(name, [
          ...(this.values.get(name) ?? []),
          ...[given ?? []].flat().filter((text) => text !== ''),
        ]);
    }
  }

  read<T>(name: string, read: (text: string) => Reading<T>): T | undefined {
    const given = this.values.get(name) ?? [];
    if (given.length > 1 && !REPEATABLE.has(name)) {
      this.problems.push({ field: name, message: 'must be given once' });
      return undefined;
    }
    return given[0] === undefined ? undefined : this.accept(name, read(given[0]));
  }

  readAll<T>(name: string, read: (text: string) => Reading<T>): T[] {
    const values = (this.values.get(name) ?? []).map((text) => this.accept(name, read(text)));
    return [...new Set(values.filter((value): value is Awaited<T> & T => value !== undefined))];
  }

  private accept<T>(field: string, reading: Reading<T>): T | undefined {
    if ('value' in reading) return reading.value;
    this.problems.push({ field, message: reading.problem });
    return undefined;
  }

  private unknown(key: string, strict: boolean): void {
    const shown = key.slice(0, MAX_TEXT);
    if (strict) this.problems.push({ field: shown, message: 'is not a known parameter' });
    else this.warnings.push(`Unknown parameter ignored: ${shown}`);
  }
}
