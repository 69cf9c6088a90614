import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of the earlier build's table, as it is. Where it demands a figure that nobody knows it holds 0, which reads as null. */
@Entity({ name: 'gpu_benchmarks', schema: 'public', synchronize: false })
export class BenchmarkEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar', { name: 'gpu_model', length: 100, unique: true })
  gpuModel!: string;

  @Column('double precision', { name: 'tflops_fp32' })
  tflopsFp32!: number;

  @Column('double precision', { name: 'tflops_fp16' })
  tflopsFp16!: number;

  @Column('double precision', { name: 'tflops_int8', nullable: true })
  tflopsInt8!: number | null;

  /** GB/s, whatever the name says. */
  @Column('double precision', { name: 'memory_bandwidth_gbps' })
  memoryBandwidthGbps!: number;

  @Column('integer', { name: 'vram_gb' })
  vramGb!: number;

  @Column('integer', { name: 'tokens_per_second_7b' })
  tokensPerSecond7b!: number;

  @Column('integer', { name: 'tokens_per_second_13b', nullable: true })
  tokensPerSecond13b!: number | null;

  @Column('integer', { name: 'tokens_per_second_70b', nullable: true })
  tokensPerSecond70b!: number | null;

  @Column('integer', { name: 'image_gen_per_minute', nullable: true })
  imageGenPerMinute!: number | null;

  @Column('varchar', { length: 255 })
  source!: string;

  @Column('timestamptz', { name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
