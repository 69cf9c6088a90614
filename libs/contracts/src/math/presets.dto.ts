import { ApiProperty } from '@nestjs/swagger';
import { ProviderItemDto } from '../offers/provider-item.dto';

export const PRESET_IDS = [
  'best_value',
  'highest_performance',
  'most_reliable',
  'budget_friendly',
  'enterprise_grade',
  'for_you',
] as const;
export type PresetId = (typeof PRESET_IDS)[number];

export class PresetBaselineDto {
  @ApiProperty({ description: 'What the offer is compared with', example: 'Median of 42 on-demand offers of H100-SXM' })
  label!: string;

  @ApiProperty({ description: 'Price of one GPU for one hour, in currency', example: 2.99 })
  price_per_hour!: number;

  @ApiProperty({ description: 'ISO 4217 code of the price', example: 'USD' })
  currency!: string;
}

export class PresetDto {
  @ApiProperty({ enum: PRESET_IDS, description: 'Which one it is', example: 'best_value' })
  id!: PresetId;

  @ApiProperty({ description: 'The same for people', example: 'Best Value' })
  name!: string;

  @ApiProperty({
    type: ProviderItemDto,
    nullable: true,
    description: 'The offer as the list has it; null: none qualifies',
  })
  offer!: ProviderItemDto | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description:
      'Per cent that the offer is below the baseline, two decimals; negative when it is dearer; null without one',
    example: 16.72,
  })
  savings_pct!: number | null;

  @ApiProperty({ type: PresetBaselineDto, nullable: true, description: 'null where nothing comparable is known' })
  baseline!: PresetBaselineDto | null;

  @ApiProperty({
    minimum: 0,
    maximum: 1,
    description: 'How well founded the choice is; 0 without an offer',
    example: 0.82,
  })
  confidence!: number;

  @ApiProperty({ description: 'Why this one, or why none' })
  why!: string;
}

export class PresetListDto {
  @ApiProperty({ description: 'Number of presets', example: 6 })
  total!: number;

  @ApiProperty({ type: [PresetDto], description: 'Always the same six, in the same order' })
  items!: PresetDto[];

  @ApiProperty({ format: 'date-time', description: 'When the offers were read' })
  as_of!: string;

  @ApiProperty({ type: [String], description: 'What the caller should know' })
  warnings!: string[];
}
