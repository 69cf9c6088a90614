import type { AdminBenchmarkDto, ChangeBenchmarkDto } from '@gpubroker/contracts/math';

/** What may be changed of a row, in the order of the columns. */
export const BENCHMARK_COLUMNS = [
  ...(['gpu_model', 'tflops_fp32', 'tflops_fp16', 'tflops_int8', 'memory_bandwidth_gbps', 'vram_gb'] as const),
  ...(['tokens_per_second_7b', 'tokens_per_second_13b', 'tokens_per_second_70b', 'image_gen_per_minute'] as const),
  ...(['source', 'verified_at'] as const),
] as const;
export type BenchmarkColumn = (typeof BENCHMARK_COLUMNS)[number];

/** Columns of the earlier build that demand a value: 0 stands there for one that nobody knows. */
const DEMANDED: ReadonlySet<string> = new Set([
  ...['tflops_fp32', 'tflops_fp16', 'memory_bandwidth_gbps', 'vram_gb', 'tokens_per_second_7b'],
]);

export type StoredBenchmark = Omit<AdminBenchmarkDto, 'verified_at' | 'created_at'> & {
  readonly verified_at: Date | null;
  readonly created_at: Date;
};

export function adminBenchmark(row: StoredBenchmark): AdminBenchmarkDto {
  const known = (value: number | null): number | null => (value === null || value <= 0 ? null : value);
  return {
    ...row,
    tflops_fp32: known(row.tflops_fp32),
    tflops_fp16: known(row.tflops_fp16),
    tflops_int8: known(row.tflops_int8),
    memory_bandwidth_gbps: known(row.memory_bandwidth_gbps),
    vram_gb: known(row.vram_gb),
    tokens_per_second_7b: known(row.tokens_per_second_7b),
    tokens_per_second_13b: known(row.tokens_per_second_13b),
    tokens_per_second_70b: known(row.tokens_per_second_70b),
    image_gen_per_minute: known(row.image_gen_per_minute),
    verified_at: row.verified_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}

/** As the table holds it. */
export const storedValue = (column: BenchmarkColumn, value: string | number | null): string | number | null =>
  value === null && DEMANDED.has(column) ? 0 : value;

export type BenchmarkChanges = Record<
  string,
  { from: string | number | boolean | null; to: string | number | boolean | null }
>;

/** What the request would really change, with what it was before. */
export function changesOf(before: AdminBenchmarkDto, wanted: ChangeBenchmarkDto): BenchmarkChanges {
  const changes: BenchmarkChanges = {};
  for (const name of [...BENCHMARK_COLUMNS, 'is_active'] as const) {
    const to = wanted[name];
    if (to === undefined || isSame(before[name], to)) continue;
    changes[name] = { from: before[name], to };
  }
  return changes;
}

/** A moment may be written in several ways. */
const isSame = (from: string | number | boolean | null, to: string | number | boolean | null): boolean =>
  from === to || (typeof from === 'string' && typeof to === 'string' && Date.parse(from) === Date.parse(to));
