import { ApiProperty } from '@nestjs/swagger';

const figure = { type: Number, nullable: true } as const;

/** What one GPU can do (SPEC C1). What is not known is null, never 0. */
export class BenchmarkDto {
  @ApiProperty({ format: 'uuid', description: 'Id of the row' })
  id!: string;

  @ApiProperty({ description: 'Canonical GPU model', example: 'H100-SXM' })
  gpu_model!: string;

  @ApiProperty({ ...figure, description: 'FP32 rate in TFLOPS', example: 67 })
  tflops_fp32!: number | null;

  @ApiProperty({ ...figure, description: 'Dense FP16/BF16 tensor rate in TFLOPS, without sparsity', example: 989.5 })
  tflops_fp16!: number | null;

  @ApiProperty({ ...figure, description: 'Dense INT8 tensor rate in TOPS', example: 1979 })
  tflops_int8!: number | null;

  @ApiProperty({ ...figure, description: 'Memory bandwidth in GB/s', example: 3350 })
  memory_bandwidth_gbps!: number | null;

  @ApiProperty({ ...figure, description: 'Memory of one GPU in GB', example: 80 })
  vram_gb!: number | null;

  @ApiProperty({ ...figure, description: 'Tokens/s of a 7B model in FP16, one request at a time', example: 103 })
  tokens_per_second_7b!: number | null;

  @ApiProperty({ ...figure, description: 'Tokens/s of a 13B model in FP16, one request at a time', example: 63 })
  tokens_per_second_13b!: number | null;

  @ApiProperty({ ...figure, description: 'Tokens/s of a 70B model in 4 bits, one request at a time', example: 30 })
  tokens_per_second_70b!: number | null;

  @ApiProperty({ ...figure, description: 'SDXL images a minute, 1024 x 1024, 20 steps', example: 123 })
  image_gen_per_minute!: number | null;

  @ApiProperty({
    description: 'Where the figures were read; figures that were derived are named after "derived:"',
    example: 'stas00/ml-engineering; derived: tokens_per_second_7b',
  })
  source!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the figures were checked against their source; null when one of them is derived',
  })
  verified_at!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When the row was entered' })
  created_at!: string;

  @ApiProperty({ type: [String], description: 'Members of this answer that were derived, not measured' })
  derived!: string[];
}

/** One benchmark, and which model the name asked for was taken to mean. */
export class ResolvedBenchmarkDto extends BenchmarkDto {
  @ApiProperty({ description: 'The name as it was asked for', example: 'h100' })
  requested!: string;

  @ApiProperty({ description: 'The model that the name was taken to mean', example: 'H100-SXM' })
  resolved_to!: string;
}

/** Every benchmark, by model (SPEC G2: unpaged). */
export class BenchmarkListDto {
  @ApiProperty({ example: 111 })
  total!: number;

  @ApiProperty({ type: [BenchmarkDto] })
  items!: BenchmarkDto[];
}
