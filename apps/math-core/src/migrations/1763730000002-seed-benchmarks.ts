import type { MigrationInterface, QueryRunner } from 'typeorm';
import { benchmarkSeed } from '../benchmarks/benchmark-seed';

/** Sourced figures of every known card. A row that has the name already is somebody's and stays. */
export class SeedBenchmarks1763730000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const row of benchmarkSeed())
      await runner.query(
        `INSERT INTO public.gpu_benchmarks (id, gpu_model, tflops_fp32, tflops_fp16, tflops_int8, memory_bandwidth_gbps, vram_gb,
           tokens_per_second_7b, tokens_per_second_13b, tokens_per_second_70b, image_gen_per_minute, source, verified_at, created_at)
         VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now())
         ON CONFLICT (gpu_model) DO NOTHING`,
        [...row],
      );
  }

  /** Takes back what still is as it was put in; a row that was corrected since is kept. */
  async down(runner: QueryRunner): Promise<void> {
    for (const [gpuModel, , , , , , , , , , source] of benchmarkSeed())
      await runner.query('DELETE FROM public.gpu_benchmarks WHERE gpu_model = $1 AND source = $2', [gpuModel, source]);
  }
}
