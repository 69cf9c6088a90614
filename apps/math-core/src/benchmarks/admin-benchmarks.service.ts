import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DEFAULT_PAGE_SIZE } from '@gpubroker/contracts/auth';
import {
  BENCHMARK_SORT_FIELDS,
  type AdminBenchmarkDto,
  type AdminBenchmarkListDto,
  type AdminBenchmarkQueryDto,
  type ChangeBenchmarkDto,
  type CreateBenchmarkDto,
} from '@gpubroker/contracts/math';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { recordInAudit, type Actor, type AuditEntry } from '../audit/audit-outbox';
import {
  adminBenchmark,
  BENCHMARK_COLUMNS,
  changesOf,
  storedValue,
  type BenchmarkChanges,
  type StoredBenchmark,
} from './admin-benchmark-row';
import { BenchmarkStore } from './benchmark-store';

const FROM = 'FROM public.gpu_benchmarks b LEFT JOIN math_core.benchmark_deactivations d ON d.benchmark_id = b.id';
const SELECT = `SELECT b.id, ${BENCHMARK_COLUMNS.map((column) => `b.${column}`).join(', ')}, b.created_at, d.benchmark_id IS NULL AS is_active ${FROM}`;
// Texts are found literally: LIKE would give % and _ a meaning.
const WHERE = `WHERE ($1::text IS NULL OR strpos(lower(b.gpu_model), lower($1)) > 0 OR strpos(lower(b.source), lower($1)) > 0)
  AND ($2::boolean IS NULL OR (d.benchmark_id IS NULL) = $2)
  AND ($3::boolean IS NULL OR (b.verified_at IS NOT NULL) = $3)`;

/** What an administrator does with benchmarks; all of it audited, in the transaction that does it (SPEC A9). */
@Injectable()
export class AdminBenchmarksService {
  constructor(
    private readonly database: Database,
    private readonly store: BenchmarkStore,
  ) {}

  list(query: AdminBenchmarkQueryDto, actor: Actor): Promise<AdminBenchmarkListDto> {
    const { page = 1, per_page: size = DEFAULT_PAGE_SIZE } = query;
    const filters = [query.q ?? null, query.is_active ?? null, query.verified ?? null];
    return this.database.inTransaction(async (manager) => {
      const rows = await manager.query<StoredBenchmark[]>(
        `${SELECT} ${WHERE} ORDER BY ${orderOf(query.sort ?? 'gpu_model')}, b.id LIMIT $4 OFFSET $5`,
        [...filters, size, (page - 1) * size],
      );
      const [{ total }] = await manager.query<[{ total: number }]>(
        `SELECT count(*)::int AS total ${FROM} ${WHERE}`,
        filters,
      );
      await record(manager, actor, 'benchmarks.listed', null, { query: whatWasAsked(query) });
      return { items: rows.map(adminBenchmark), total };
    });
  }

  /** @throws ApiError NOT_FOUND */
  get(id: string, actor: Actor): Promise<AdminBenchmarkDto> {
    return this.database.inTransaction(async (manager) => {
      const found = await read(manager, id);
      await record(manager, actor, 'benchmark.read', id, {});
      return found;
    });
  }

  /** @throws ApiError CONFLICT for a model that has a row */
  async create(wanted: CreateBenchmarkDto, actor: Actor): Promise<AdminBenchmarkDto> {
    const id = randomUUID();
    const created = await this.database.inTransaction(async (manager) => {
      await assertFree(manager, wanted.gpu_model, id);
      await manager.query(
        `INSERT INTO public.gpu_benchmarks (id, ${BENCHMARK_COLUMNS.join(', ')}, created_at)
         VALUES ($1, ${BENCHMARK_COLUMNS.map((_, index) => `$${index + 2}`).join(', ')}, now())`,
        [id, ...BENCHMARK_COLUMNS.map((column) => storedValue(column, wanted[column] ?? null))],
      );
      await setActive(manager, id, wanted.is_active ?? true);
      await record(manager, actor, 'benchmark.created', id, { gpu_model: wanted.gpu_model, source: wanted.source });
      return read(manager, id);
    });
    this.store.forget();
    return created;
  }

  /** @throws ApiError NOT_FOUND, or CONFLICT for a model that has another row */
  async change(id: string, wanted: ChangeBenchmarkDto, actor: Actor): Promise<AdminBenchmarkDto> {
    const changed = await this.database.inTransaction(async (manager) => {
      await manager.query('SELECT 1 FROM public.gpu_benchmarks WHERE id = $1 FOR UPDATE', [id]);
      const before = await read(manager, id);
      const changes = changesOf(before, wanted);
      if (Object.keys(changes).length === 0) return before;
      if (wanted.gpu_model !== undefined) await assertFree(manager, wanted.gpu_model, id);
      await write(manager, id, wanted, changes);
      await record(manager, actor, 'benchmark.changed', id, { changed: changes });
      return read(manager, id);
    });
    this.store.forget();
    return changed;
  }
}

/** Without the members that were left out: JSON knows no undefined. */
const whatWasAsked = (query: AdminBenchmarkQueryDto): Record<string, string | number | boolean> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));

async function read(manager: EntityManager, id: string): Promise<AdminBenchmarkDto> {
  const [row] = await manager.query<StoredBenchmark[]>(`${SELECT} WHERE b.id = $1`, [id]);
  if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such benchmark');
  return adminBenchmark(row);
}

/** Names are found in any case, so no two may differ in that alone. */
async function assertFree(manager: EntityManager, gpuModel: string, id: string): Promise<void> {
  const others: unknown[] = await manager.query(
    'SELECT 1 FROM public.gpu_benchmarks WHERE lower(gpu_model) = lower($1) AND id <> $2',
    [gpuModel, id],
  );
  if (others.length > 0) throw new ApiError('CONFLICT', 'Another benchmark has this model');
}

async function write(
  manager: EntityManager,
  id: string,
  wanted: ChangeBenchmarkDto,
  changes: BenchmarkChanges,
): Promise<void> {
  const columns = BENCHMARK_COLUMNS.filter((column) => changes[column] !== undefined);
  if (columns.length > 0)
    await manager.query(
      `UPDATE public.gpu_benchmarks SET ${columns.map((column, index) => `${column} = $${index + 2}`).join(', ')} WHERE id = $1`,
      [id, ...columns.map((column) => storedValue(column, wanted[column] ?? null))],
    );
  if (wanted.is_active !== undefined) await setActive(manager, id, wanted.is_active);
}

async function setActive(manager: EntityManager, id: string, active: boolean): Promise<void> {
  await manager.query(
    active
      ? 'DELETE FROM math_core.benchmark_deactivations WHERE benchmark_id = $1'
      : 'INSERT INTO math_core.benchmark_deactivations (benchmark_id) VALUES ($1) ON CONFLICT DO NOTHING',
    [id],
  );
}

/** @param sort checked by the DTO already */
function orderOf(sort: string): string {
  const descending = sort.startsWith('-');
  const field = BENCHMARK_SORT_FIELDS.find((name) => name === sort.replace(/^-/, ''));
  if (field === undefined) throw new Error(`no field ${sort} to sort by`);
  // Where the table holds 0 nobody knows the value.
  const column = ['gpu_model', 'verified_at', 'created_at'].includes(field) ? `b.${field}` : `nullif(b.${field}, 0)`;
  return `${field === 'gpu_model' ? 'lower(b.gpu_model)' : column} ${descending ? 'DESC' : 'ASC'} NULLS LAST`;
}

const record = (
  manager: EntityManager,
  actor: Actor,
  action: string,
  resourceId: string | null,
  details: AuditEntry['details'],
): Promise<void> => recordInAudit(manager, actor, { action, resourceType: 'benchmark', resourceId, details });
