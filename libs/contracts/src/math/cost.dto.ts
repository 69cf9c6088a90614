import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Why the interval of an estimate is as wide as it is. */
const COST_BASES = [
  'measured_gpu',
  'other_gpu',
  'other_engine',
  'serving',
  'unknown_engine',
  'mixture',
  'several_gpus',
  'does_not_fit',
] as const;
export type CostBasis = (typeof COST_BASES)[number];

class PricedGpuDto {
  @ApiProperty({
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1_000_000,
    description: 'Price of one GPU for one hour',
    example: 2,
  })
  price_per_hour!: number;

  @ApiProperty({ minLength: 1, maxLength: 100, description: 'Model, alias or family of the GPU', example: 'H100' })
  gpu_type!: string;
}

export class CostPerTokenRequestDto extends PricedGpuDto {
  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'number', minimum: 0.05, maximum: 2000 }],
    description: 'A size such as "7b", a number of billions of parameters, or the name of a known model',
    example: '7b',
  })
  model_size!: string | number;

  @ApiPropertyOptional({
    default: 'fp16',
    description:
      'How the weights are stored: fp32, fp16, bf16, fp8, fp4, int8, int4, q8_0, q6_k, q5_k_m, q4_k_m, q4_0, q3_k_m, q2_k, gptq-4bit, awq-4bit …',
    example: 'fp16',
  })
  precision?: string;

  @ApiPropertyOptional({
    default: 'llama.cpp',
    maxLength: 100,
    description: 'llama.cpp, exllamav2, mlc, gpt-fast, lmdeploy, …; an unknown one lowers the confidence',
  })
  engine?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 4096, default: 1, description: 'Concurrent requests' })
  batch?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Prompt and answer together, in tokens' })
  context_tokens?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 128, description: 'Tokens of the prompt' })
  input_tokens?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, default: 512, description: 'Tokens of the answer' })
  output_tokens?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1024, default: 1, description: 'GPUs that share it' })
  gpu_count?: number;
}

export class RangeDto {
  @ApiProperty({ example: 88.2 })
  low!: number;

  @ApiProperty({ example: 119.4 })
  high!: number;
}

export class VramNeedDto {
  @ApiProperty({ description: 'Weights in GB (1e9 bytes)', example: 13.4768 })
  weights_gb!: number;

  @ApiProperty({ description: 'Keys and values of every request in GB', example: 0.3355 })
  kv_gb!: number;

  @ApiProperty({ example: 0.0492 })
  activations_gb!: number;

  @ApiProperty({ example: 0.65 })
  runtime_gb!: number;

  @ApiProperty({ example: 14.5116 })
  total_gb!: number;
}

export class ServingFigureDto {
  @ApiProperty({ description: 'Requests at once: as many as the memory holds, at most 256', example: 161 })
  batch!: number;

  @ApiProperty({ description: 'Generated tokens a second over all requests, prompts included', example: 6420.5 })
  tokens_per_second!: number;

  @ApiProperty({ type: RangeDto })
  tokens_per_second_range!: RangeDto;

  @ApiProperty({ description: 'In the currency of the price', example: 0.0865 })
  cost_per_million_tokens!: number;

  @ApiProperty({ type: RangeDto })
  cost_per_million_tokens_range!: RangeDto;
}

export class CostCalculationDto {
  @ApiProperty({ description: 'The card that gpu_type was taken to mean', example: 'H100-SXM' })
  gpu_model!: string;

  @ApiProperty({ example: 1 })
  gpu_count!: number;

  @ApiProperty({ description: 'The model that model_size was taken to mean', example: 'llama-2-7b' })
  model!: string;

  @ApiProperty({ example: 6738415616 })
  parameters!: number;

  @ApiProperty({ example: 'fp16' })
  precision!: string;

  @ApiProperty({ example: 16 })
  bits_per_weight!: number;

  @ApiProperty({ example: 'llama.cpp' })
  engine!: string;

  @ApiProperty({ example: 1 })
  batch!: number;

  @ApiProperty({ example: 128 })
  input_tokens!: number;

  @ApiProperty({ example: 512 })
  output_tokens!: number;

  @ApiProperty({ example: 640 })
  context_tokens!: number;

  @ApiProperty({ description: 'GB/s of one GPU', example: 3350 })
  memory_bandwidth_gbps!: number;

  @ApiProperty({ type: RangeDto, description: '90 % of measured values are to fall inside' })
  tokens_per_second_range!: RangeDto;

  @ApiProperty({ type: RangeDto, description: 'The same interval as money' })
  cost_per_million_tokens_range!: RangeDto;

  @ApiProperty({
    enum: COST_BASES,
    description: 'What decided the width of the interval, and with it the confidence',
  })
  basis!: CostBasis;

  @ApiProperty({ type: VramNeedDto })
  vram!: VramNeedDto;

  @ApiProperty({ type: Boolean, nullable: true, description: 'With 5 % to spare; null: the memory is not known' })
  fits!: boolean | null;

  @ApiProperty({ type: ServingFigureDto, nullable: true, description: 'The same card fully loaded; null: unknown' })
  serving!: ServingFigureDto | null;

  @ApiProperty({ type: [String], description: 'What the caller should know' })
  warnings!: string[];
}

export class CostPerTokenAnswerDto {
  @ApiProperty({ description: 'Six significant digits, in the currency of the price', example: 0.0000055556 })
  cost_per_token!: number;

  @ApiProperty({ example: 5.5556 })
  cost_per_million_tokens!: number;

  @ApiProperty({ description: 'Expected, over all requests of the batch', example: 100 })
  tokens_per_second!: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'One minus half the interval over the expected value' })
  confidence!: number;

  @ApiProperty({ type: CostCalculationDto })
  calculation_details!: CostCalculationDto;
}

export class CostPerGflopRequestDto extends PricedGpuDto {}

export class CostPerGflopAnswerDto {
  @ApiProperty({ description: 'cost_per_tflop_hour / 1000, six significant digits', example: 0.00000202122 })
  cost_per_gflop!: number;

  @ApiProperty({ description: 'price_per_hour / gpu_tflops, six significant digits', example: 0.00202122 })
  cost_per_tflop_hour!: number;

  @ApiProperty({ description: 'Dense FP16 tensor rate, FP32 where that is not known', example: 989.5 })
  gpu_tflops!: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: '0.9 for an FP16 rate, 0.6 for FP32 in its place', example: 0.9 })
  confidence!: number;
}
