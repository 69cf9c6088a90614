import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { RangeDto } from './cost.dto';

export const GPU_RATES_REASONS = ['unknown_gpu', 'unknown_bandwidth', 'unknown_memory', 'does_not_fit'] as const;
/** Why a GPU has no tokens per second. */
export type GpuRatesReason = (typeof GPU_RATES_REASONS)[number];

export class GpuRatesItemDto {
  @ApiProperty({ minLength: 1, maxLength: 100, description: 'Model, alias or family of the GPU', example: 'H100-SXM' })
  gpu_type!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 1024,
    default: 1,
    description: 'GPUs that share the model; leave it out to cost one GPU, as cost-per-token does',
  })
  gpu_count?: number;
}

export class GpuRatesRequestDto {
  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'number', minimum: 0.05, maximum: 2000 }],
    default: '7b',
    description: 'A size such as "7b", a number of billions of parameters, or the name of a known model',
  })
  model_size?: string | number;

  @ApiPropertyOptional({ default: 'fp16', description: 'How the weights are stored, as in cost-per-token' })
  precision?: string;

  @ApiProperty({ type: [GpuRatesItemDto], maxItems: 10_000, description: 'Each distinct GPU once' })
  items!: GpuRatesItemDto[];
}

/** What the speeds of one answer assume. */
export class GpuRatesAssumptionsDto {
  @ApiProperty({ description: 'The model that model_size was taken to mean', example: 'llama-2-7b' })
  model!: string;

  @ApiProperty({ description: 'How the weights are stored', example: 'fp16' })
  precision!: string;

  @ApiProperty({ description: 'The engine whose speed is meant', example: 'llama.cpp' })
  engine!: string;

  @ApiProperty({ description: 'Concurrent requests', example: 1 })
  batch!: number;

  @ApiProperty({ description: 'Tokens of the prompt', example: 128 })
  input_tokens!: number;

  @ApiProperty({ description: 'Tokens of the answer', example: 512 })
  output_tokens!: number;
}

/**
 * The rates that turn prices into unit costs. With price_per_hour of one GPU:
 * cost_per_token = price_per_hour x gpu_count / (3600 x tokens_per_second);
 * cost_per_gflop = price_per_hour x gpu_count / gflops. Both then keep six significant digits.
 */
export class GpuRatesDto {
  @ApiProperty({ description: 'As it was asked for', example: 'h100' })
  gpu_type!: string;

  @ApiProperty({ description: 'GPUs that share the model, as asked for', example: 1 })
  gpu_count!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The card that gpu_type was taken to mean; null when it is none of the benchmark table',
    example: 'H100-SXM',
  })
  gpu_model!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Expected tokens a second of all gpu_count GPUs together, not rounded; null: see reason',
    example: 103.1942,
  })
  tokens_per_second!: number | null;

  @ApiProperty({
    type: RangeDto,
    nullable: true,
    description: '90 % of measured tokens a second are to fall inside; null: see reason',
  })
  tokens_per_second_range!: RangeDto | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: 1,
    description: 'Of the speed: one minus half the interval over the expected value; null: see reason',
    example: 0.83,
  })
  confidence!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description:
      'Dense FP16 rate of all gpu_count GPUs in GFLOP/s (FP32 where that is not known); null: no source gives one',
    example: 989500,
  })
  gflops!: number | null;

  @ApiProperty({
    enum: GPU_RATES_REASONS,
    enumName: 'GpuRatesReason',
    nullable: true,
    description: 'Why there are no tokens a second; null when there are. unknown_gpu leaves gflops out too',
  })
  reason!: GpuRatesReason | null;
}

export class GpuRatesAnswerDto {
  @ApiProperty({ type: GpuRatesAssumptionsDto, description: 'What every speed here assumes' })
  assumptions!: GpuRatesAssumptionsDto;

  @ApiProperty({ type: [GpuRatesDto], description: 'In the order of the question' })
  items!: GpuRatesDto[];
}
