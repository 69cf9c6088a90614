import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MACRO_REGIONS, OFFER_SOURCES, type MacroRegion, type OfferSource } from '../offers/offer-terms';
import { RangeDto, VramNeedDto } from './cost.dto';

/** The kinds of work a buyer rents GPUs for (SPEC S13). */
export const WORKLOAD_TYPES = [
  'image_generation',
  'llm_inference',
  'training',
  'fine_tuning',
  'video_processing',
  'data_processing',
] as const;
export type WorkloadType = (typeof WORKLOAD_TYPES)[number];

export const QUANTITY_UNITS = ['images', 'tokens', 'requests', 'samples', 'epochs', 'steps', 'hours'] as const;
export type QuantityUnit = (typeof QUANTITY_UNITS)[number];

export const QUANTITY_PERIODS = ['second', 'minute', 'hour', 'day', 'week', 'month'] as const;
export type QuantityPeriod = (typeof QUANTITY_PERIODS)[number];

export const QUALITIES = ['draft', 'standard', 'high'] as const;
export type Quality = (typeof QUALITIES)[number];

export const BUDGET_PERIODS = ['total', 'hour', 'day', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

export const TRAINING_METHOD_NAMES = ['full', 'lora', 'qlora'] as const;
export type TrainingMethodName = (typeof TRAINING_METHOD_NAMES)[number];

const optional = { nullable: true, required: false } as const;

export class WorkloadQuantityDto {
  @ApiProperty({ minimum: 0, exclusiveMinimum: true, maximum: 1e15, description: 'How many units', example: 2000 })
  value!: number;

  @ApiProperty({ enum: QUANTITY_UNITS, description: 'What is counted; hours of footage for video', example: 'images' })
  unit!: QuantityUnit;

  @ApiProperty({ ...optional, enum: QUANTITY_PERIODS, description: 'A rate instead of an amount; null for an amount' })
  per?: QuantityPeriod | null;
}

export class WorkloadBudgetDto {
  @ApiProperty({
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e12,
    description: 'Most that is to be paid',
    example: 200,
  })
  amount!: number;

  @ApiProperty({
    ...optional,
    type: String,
    description: 'ISO 4217 code; null: not said, taken as USD',
    example: 'USD',
  })
  currency?: string | null;

  @ApiProperty({
    ...optional,
    enum: BUDGET_PERIODS,
    description: 'Whether for all of it or each hour, day, month; total by default',
  })
  per?: BudgetPeriod | null;
}

/** A job in a buyer's words: what /ai/parse-workload answers can be sent here as it is. null means not said. */
export class WorkloadRequestDto {
  @ApiProperty({ enum: WORKLOAD_TYPES, description: 'Kind of work', example: 'llm_inference' })
  workload_type!: WorkloadType;

  @ApiPropertyOptional({
    oneOf: [
      { type: 'number', minimum: 0, exclusiveMinimum: true },
      { $ref: '#/components/schemas/WorkloadQuantityDto' },
    ],
    nullable: true,
    description: 'A number counts tokens, images, samples (training, data) or hours of footage (video)',
    example: { value: 20000000, unit: 'tokens', per: null },
  })
  quantity?: number | WorkloadQuantityDto | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: 87_600,
    description: 'Hours it may take, or runs when no amount is given',
  })
  duration_hours?: number | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: 87_600,
    description: 'The same under the name that parse-workload gives it',
  })
  duration?: number | null;

  @ApiPropertyOptional({
    enum: QUALITIES,
    nullable: true,
    description: 'Steps of an image, bits of a language model, effort on a frame; standard by default',
  })
  quality?: Quality | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 100,
    description: 'Model or family: llama-3-8b, llama, sdxl, flux, resnet, …',
    example: 'llama',
  })
  model_name?: string | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    minimum: 0.05,
    maximum: 2000,
    description: 'Billions of parameters',
    example: 70,
  })
  model_size_b?: number | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'How weights are stored, as in cost-per-token; fp16 by default',
    example: 'fp16',
  })
  precision?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 10_000_000,
    description: 'Tokens of prompt and answer together, or of one training sample; 2,048 by default',
  })
  context_tokens?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 4096,
    description: 'Concurrent requests, or samples of a training step on one GPU',
  })
  batch?: number | null;

  @ApiPropertyOptional({
    enum: TRAINING_METHOD_NAMES,
    nullable: true,
    description: 'full for training, lora for fine_tuning by default',
  })
  method?: TrainingMethodName | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 100_000,
    description: 'Passes over the training data; 1 for training, 3 for fine_tuning by default',
  })
  epochs?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 1e12,
    description: 'Samples of the training data, where the quantity counts epochs; 10,000 by default',
  })
  dataset_samples?: number | null;

  @ApiPropertyOptional({
    enum: MACRO_REGIONS,
    nullable: true,
    description: 'Where prices are looked up; anywhere by default',
  })
  region?: MacroRegion | null;

  @ApiPropertyOptional({ type: WorkloadBudgetDto, nullable: true, description: 'What may be spent' })
  budget?: WorkloadBudgetDto | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 100,
    description: 'GPU that is wanted',
    example: 'A100',
  })
  gpu?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 1024,
    description: 'GPUs that are wanted',
  })
  gpu_count?: number | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: 1,
    description: 'Of the parse; multiplies the confidence of the answer',
  })
  confidence?: number | null;
}

export class MoneyRangeDto extends RangeDto {
  @ApiProperty({ description: 'ISO 4217 code', example: 'USD' })
  currency!: string;
}

/** Where a price came from, and how old it is. */
export class PriceSourceDto {
  @ApiProperty({ description: 'Lowest price of one GPU for one hour', example: 1.89 })
  lowest_price_per_hour!: number;

  @ApiProperty({ description: 'Median of the hundred cheapest on-demand offers, per GPU-hour', example: 2.49 })
  typical_price_per_hour!: number;

  @ApiProperty({ description: 'ISO 4217 code', example: 'USD' })
  currency!: string;

  @ApiProperty({ description: 'Offers that were counted', example: 37 })
  offers!: number;

  @ApiProperty({
    enum: OFFER_SOURCES,
    isArray: true,
    description: 'Kinds of rows they are; emulator rows are a demonstration',
  })
  sources!: OfferSource[];

  @ApiProperty({ format: 'date-time', description: 'When the oldest of them was observed' })
  observed_at!: string;

  @ApiProperty({ description: 'Age of that observation in seconds', example: 42 })
  age_seconds!: number;
}

/** GPUs that can do the work, with what they would take and cost. */
export class GpuPlanDto {
  @ApiProperty({ description: 'Canonical GPU model', example: 'L40S' })
  gpu_type!: string;

  @ApiProperty({ description: 'GPUs that hold one copy of the work', example: 1 })
  gpu_count!: number;

  @ApiProperty({ description: 'Such groups side by side, to keep up with a rate or a deadline', example: 1 })
  replicas!: number;

  @ApiProperty({ description: 'Memory of one group in GB', example: 48 })
  vram_gb!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Units a second of one group, in the unit of the answer; null where too little is known of the GPU',
    example: 1830.4,
  })
  units_per_second!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Expected hours; null when the amount of work or the speed is not known',
    example: 3.04,
  })
  estimated_hours!: number | null;

  @ApiProperty({
    type: MoneyRangeDto,
    nullable: true,
    description: 'Lowest price x fewest hours to typical price x most hours; null without price or hours',
  })
  estimated_cost_range!: MoneyRangeDto | null;

  @ApiProperty({
    type: PriceSourceDto,
    nullable: true,
    description: 'What the cost rests on; null when nobody sells it or prices are away',
  })
  price!: PriceSourceDto | null;
}

export const GPU_TIERS = ['requested', 'minimum', 'recommended', 'performance'] as const;
export type GpuTier = (typeof GPU_TIERS)[number];

export class GpuTierDto extends GpuPlanDto {
  @ApiProperty({
    enum: GPU_TIERS,
    description: 'As asked for; least memory that holds it; cheapest with headroom; fastest',
  })
  tier!: GpuTier;
}

export class WorkloadEstimateDto {
  @ApiProperty({ enum: WORKLOAD_TYPES, description: 'Kind of work, as asked' })
  workload_type!: WorkloadType;

  @ApiProperty({ description: 'Least memory that holds the work, GB; never below vram.total_gb', example: 15.1 })
  min_vram_gb!: number;

  @ApiProperty({ description: 'The next size that is sold above 1.2 x the least, GB', example: 20 })
  recommended_vram_gb!: number;

  @ApiProperty({ description: 'What units_per_second counts', example: 'tokens' })
  unit!: string;

  @ApiProperty({
    type: [GpuTierDto],
    description: 'A GPU for each tier, none twice; one that was asked for comes first',
  })
  recommended_gpu_tiers!: GpuTierDto[];

  @ApiProperty({
    type: MoneyRangeDto,
    nullable: true,
    description: 'Of the tier requested, else recommended; null when its price or its hours are not known',
  })
  estimated_cost_range!: MoneyRangeDto | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Expected hours on the same GPUs; null when neither amount nor duration is known',
    example: 3.04,
  })
  estimated_hours!: number | null;

  @ApiProperty({ type: RangeDto, nullable: true, description: '90 % range of those hours; null as above' })
  estimated_hours_range!: RangeDto | null;

  @ApiProperty({ type: VramNeedDto, description: 'What fills the memory, GB (1e9 bytes)' })
  vram!: VramNeedDto;

  @ApiProperty({
    minimum: 0,
    maximum: 1,
    description: 'Of the speed model of this kind, less 10 % for each assumption',
    example: 0.65,
  })
  confidence!: number;

  @ApiProperty({ description: 'How the answer came about, one fact a sentence' })
  reasoning!: string;

  @ApiProperty({ type: [String], description: 'What the caller should know' })
  warnings!: string[];
}

/** One GPU that can do the work, and its place. */
export class GpuMatchDto extends GpuPlanDto {
  @ApiProperty({
    description: 'Place, 1 best: within the budget first, then by expected cost, then by speed',
    example: 1,
  })
  rank!: number;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Whether the cost at the typical price stays within the budget; null without budget or cost',
  })
  within_budget!: boolean | null;

  @ApiProperty({ description: 'Why it stands here, in words', example: '1 x RTX-4090 holds the 14.9 GB in 24 GB.' })
  why!: string;
}

export class WorkloadMapDto {
  @ApiProperty({ enum: WORKLOAD_TYPES, description: 'Kind of work, as asked' })
  workload_type!: WorkloadType;

  @ApiProperty({ description: 'Least memory that holds the work, GB', example: 15.1 })
  min_vram_gb!: number;

  @ApiProperty({ description: 'With headroom, GB', example: 20 })
  recommended_vram_gb!: number;

  @ApiProperty({ type: VramNeedDto, description: 'What fills the memory, GB (1e9 bytes)' })
  vram!: VramNeedDto;

  @ApiProperty({ description: 'What units_per_second counts', example: 'tokens' })
  unit!: string;

  @ApiProperty({ type: [GpuMatchDto], description: 'Every GPU that can do it, best first' })
  gpus!: GpuMatchDto[];

  @ApiProperty({ minimum: 0, maximum: 1, description: 'As in estimate-workload', example: 0.65 })
  confidence!: number;

  @ApiProperty({ description: 'How the answer came about, one fact a sentence' })
  reasoning!: string;

  @ApiProperty({ type: [String], description: 'What the caller should know' })
  warnings!: string[];
}
