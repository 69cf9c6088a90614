import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The earlier build's table under its own name and columns (SPEC A1, C1); where it is there already it stays as it is. */
export class CreateBenchmarks1763730000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS public.gpu_benchmarks (
        id uuid PRIMARY KEY,
        gpu_model character varying(100) NOT NULL UNIQUE,
        tflops_fp32 double precision NOT NULL,
        tflops_fp16 double precision NOT NULL,
        tflops_int8 double precision,
        memory_bandwidth_gbps double precision NOT NULL,
        vram_gb integer NOT NULL,
        tokens_per_second_7b integer NOT NULL,
        tokens_per_second_13b integer,
        tokens_per_second_70b integer,
        image_gen_per_minute integer,
        source character varying(255) NOT NULL,
        verified_at timestamp with time zone,
        created_at timestamp with time zone NOT NULL
      )`);
  }

  /** Never drops rows of the earlier build. */
  async down(runner: QueryRunner): Promise<void> {
    const [{ rows }] = (await runner.query('SELECT count(*) AS rows FROM public.gpu_benchmarks')) as [{ rows: string }];
    if (rows === '0') await runner.query('DROP TABLE public.gpu_benchmarks');
  }
}
