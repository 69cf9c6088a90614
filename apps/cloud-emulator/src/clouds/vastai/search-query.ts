import { z } from 'zod';
import type { VastRow } from './vastai-row';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const conditions = z.record(z.string(), z.union([scalar, z.array(scalar)]));
const order = z.array(z.tuple([z.string(), z.enum(['asc', 'desc'])]));

export type SearchType = 'on-demand' | 'bid' | 'reserved';

export interface SearchQuery {
  readonly type: SearchType;
  readonly limit: number;
  readonly order: readonly (readonly [string, 'asc' | 'desc'])[];
  /** GB of disk that the total price includes. */
  readonly allocatedStorage: number;
  readonly filters: readonly Filter[];
}

interface Filter {
  readonly field: string;
  readonly op: string;
  readonly value: unknown;
}

/** A search that cannot be read; the message is for the caller. */
export class SearchQueryError extends Error {}

/** No answer is longer, whatever `limit` says, and nothing tells that it was cut. */
const MOST_ROWS = 1000;
const ROWS_WITHOUT_LIMIT = 64;

const options = z.looseObject({
  type: z.enum(['on-demand', 'ask', 'bid', 'interruptible', 'reserved']).default('on-demand'),
  limit: z.number().int().min(1).default(ROWS_WITHOUT_LIMIT),
  order: order.default([]),
  allocated_storage: z.number().min(0).default(8),
});
const OPTION_NAMES = new Set(Object.keys(options.shape));

/** Applied unless the search names the field itself. */
const SILENT_DEFAULTS: readonly Filter[] = [
  { field: 'verified', op: 'eq', value: true },
  { field: 'rentable', op: 'eq', value: true },
  { field: 'rented', op: 'eq', value: false },
];

/** @throws SearchQueryError */
export function readSearchQuery(body: unknown): SearchQuery {
  const read = options.safeParse(body ?? {});
  if (!read.success) throw new SearchQueryError(z.prettifyError(read.error));
  const { type, limit, order: sorting, allocated_storage: allocatedStorage, ...rest } = read.data;
  const asked = Object.entries(rest)
    .filter(([field]) => !OPTION_NAMES.has(field))
    .flatMap(([field, value]) => readConditions(field, value));
  const named = new Set(asked.map(({ field }) => field));
  return {
    type: type === 'ask' ? 'on-demand' : type === 'interruptible' ? 'bid' : type,
    limit: Math.min(limit, MOST_ROWS),
    order: sorting,
    allocatedStorage,
    filters: [...SILENT_DEFAULTS.filter(({ field }) => !named.has(field)), ...asked],
  };
}

/** @throws SearchQueryError for a field or an operator that no row knows */
export function search(rows: readonly VastRow[], query: SearchQuery): VastRow[] {
  const found = rows.filter((row) => query.filters.every((filter) => matches(row, filter)));
  return found.sort((a, b) => compareBy(query.order, a, b)).slice(0, query.limit);
}

function readConditions(field: string, value: unknown): Filter[] {
  const read = conditions.safeParse(value);
  if (!read.success) throw new SearchQueryError(`${field}: expected an object of operators`);
  return Object.entries(read.data).map(([op, operand]) => ({ field, op, value: operand }));
}

function matches(row: VastRow, { field, op, value }: Filter): boolean {
  const actual = fieldOf(row, field);
  switch (op) {
    case 'eq':
      return same(actual, value);
    case 'neq':
      return !same(actual, value);
    case 'in':
      return asList(value).some((one) => same(actual, one));
    case 'notin':
      return !asList(value).some((one) => same(actual, one));
    case 'gt':
      return ordered(actual, value, (a, b) => a > b);
    case 'gte':
      return ordered(actual, value, (a, b) => a >= b);
    case 'lt':
      return ordered(actual, value, (a, b) => a < b);
    case 'lte':
      return ordered(actual, value, (a, b) => a <= b);
    default:
      throw new SearchQueryError(`${field}: unknown operator ${op}`);
  }
}

function fieldOf(row: VastRow, field: string): unknown {
  if (field === 'verified') return row.verification === 'verified';
  if (!(field in row)) throw new SearchQueryError(`unknown field ${field}`);
  return row[field];
}

/** A null flag counts as false: rows say `external: null` where they mean no. */
function same(actual: unknown, value: unknown): boolean {
  return actual === value || (actual === null && value === false);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function ordered(actual: unknown, value: unknown, holds: (a: number, b: number) => boolean): boolean {
  return typeof actual === 'number' && typeof value === 'number' && holds(actual, value);
}

function compareBy(sorting: SearchQuery['order'], a: VastRow, b: VastRow): number {
  for (const [field, direction] of sorting) {
    const difference = compareValues(fieldOf(a, field), fieldOf(b, field));
    if (difference !== 0) return direction === 'asc' ? difference : -difference;
  }
  return a.id - b.id;
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b));
}
