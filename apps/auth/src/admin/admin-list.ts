import { DEFAULT_PAGE_SIZE, type AdminPageQueryDto } from '@gpubroker/contracts/auth';
import type { EntityManager } from 'typeorm';

/** A condition with `?` where its value belongs; left out when the value was not given. */
export type Filter = readonly [sql: string, value: unknown];

export interface Conditions {
  /** Begins with WHERE; empty without conditions. */
  readonly where: string;
  readonly values: readonly unknown[];
}

export function conditions(filters: readonly Filter[]): Conditions {
  const given = filters.filter(([, value]) => value !== undefined);
  const parts = given.map(([sql], index) => sql.replaceAll('?', `$${index + 1}`));
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values: given.map(([, value]) => value) };
}

/** Taken literally: LIKE would give % and _ a meaning. */
export const contains = (columns: readonly string[]): string =>
  `(${columns.map((column) => `strpos(lower(${column}), lower(?::text)) > 0`).join(' OR ')})`;

/**
 * @param sort `[-]field`, checked by the DTO already
 * @param columns what each field is in SQL
 * @param tie makes the order total, so that a walk through the pages meets each row once
 */
export function orderBy(sort: string, columns: Readonly<Record<string, string>>, tie: string): string {
  const descending = sort.startsWith('-');
  const column = columns[descending ? sort.slice(1) : sort];
  if (column === undefined) throw new Error(`no field ${sort} to sort by`);
  return `ORDER BY ${column} ${descending ? 'DESC' : 'ASC'} NULLS LAST, ${tie}`;
}

export function limit({ page = 1, per_page = DEFAULT_PAGE_SIZE }: AdminPageQueryDto): string {
  return `LIMIT ${per_page} OFFSET ${(page - 1) * per_page}`;
}

/** Rows of all pages together. */
export async function countRows(manager: EntityManager, from: string, { where, values }: Conditions): Promise<number> {
  const [{ total }] = await manager.query<[{ total: number }]>(`SELECT count(*)::int AS total ${from} ${where}`, [
    ...values,
  ]);
  return total;
}
