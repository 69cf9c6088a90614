import { ApiProperty } from '@nestjs/swagger';
import { ProviderItemDto } from '../offers/provider-item.dto';
import { WorkloadProfileDto } from './recommend.dto';

export class EfficiencyRequestDto {
  @ApiProperty({
    type: ProviderItemDto,
    description:
      'An offer as the list returns it. Read are gpu_type, gpu_count, gpu_memory_gb, price_per_hour, currency, region, availability_status and reliability_score; only gpu_type and price_per_hour must be there',
  })
  offer!: Partial<ProviderItemDto>;

  @ApiProperty({ type: WorkloadProfileDto, description: 'The work that it is judged for' })
  workload_profile!: WorkloadProfileDto;
}

export class EfficiencyPartDto {
  @ApiProperty({ enum: ['value', 'speed', 'memory', 'reliability'], description: 'What is judged' })
  name!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: 1,
    description: '0 to 1, half where it equals the reference; null when it is not known and left out',
    example: 0.61,
  })
  score!: number | null;

  @ApiProperty({
    description: 'Share of the whole, over the parts that are known',
    minimum: 0,
    maximum: 1,
    example: 0.45,
  })
  weight!: number;
}

export class EfficiencyDetailsDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The card that gpu_type was taken to mean; null: unknown',
    example: 'H100-SXM',
  })
  gpu_model!: string | null;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Whether the GPUs of the offer hold the work; null: their memory is not known',
  })
  fits!: boolean | null;

  @ApiProperty({ description: 'Memory that the work needs on one GPU, GB', example: 14.9 })
  need_gb!: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Memory of the offer, GB', example: 80 })
  vram_gb!: number | null;

  @ApiProperty({ description: 'What is counted', example: 'tokens' })
  unit!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Units a second of the whole offer; null: not known',
    example: 1830.4,
  })
  units_per_second!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Price of a million units, in the currency of the offer, six digits; null: not known',
    example: 0.31,
  })
  cost_per_million_units!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The same of the reference: A100-80GB-SXM at 1.50 an hour',
    example: 0.42,
  })
  reference_cost_per_million_units!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Units a second of the reference', example: 990.1 })
  reference_units_per_second!: number | null;

  @ApiProperty({ description: '1, or 0.5 for a region that was not asked for', example: 1 })
  region_factor!: number;

  @ApiProperty({ description: '1, or budget / price where the price is above it', example: 1 })
  budget_factor!: number;
}

export class EfficiencyAnswerDto {
  @ApiProperty({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: 100,
    description:
      '100 x sum of weight x score of the parts x region_factor x budget_factor, four decimals; 0 when it does not fit or cannot be had, null when no part is known',
    example: 63.5,
  })
  score!: number | null;

  @ApiProperty({ type: [EfficiencyPartDto], description: 'What the score is made of' })
  parts!: EfficiencyPartDto[];

  @ApiProperty({
    minimum: 0,
    maximum: 1,
    description: 'Of the speed, less 10 % for each assumption and each part that is not known',
    example: 0.6,
  })
  confidence!: number;

  @ApiProperty({ type: EfficiencyDetailsDto, description: 'The figures behind the parts' })
  details!: EfficiencyDetailsDto;

  @ApiProperty({ type: [String], description: 'What the caller should know' })
  warnings!: string[];
}
