import { ApiProperty } from '@nestjs/swagger';
import { MarketBasisDto } from './market-basis.dto';

const figure = { type: Number, nullable: true } as const;

/** One cloud (SPEC K2). */
export class ProviderKpiDto extends MarketBasisDto {
  @ApiProperty({ description: 'Slug of the cloud', example: 'vastai' })
  provider!: string;

  @ApiProperty({ description: 'Its offers that count', example: 64 })
  total_offers!: number;

  @ApiProperty({ description: 'GPUs in these offers; an offer that says no number is one', example: 212 })
  available_gpus!: number;

  @ApiProperty({ description: 'GPU models among these offers', example: 17 })
  gpu_models!: number;

  @ApiProperty({ ...figure, description: 'Mean price of a GPU-hour over offers', example: 1.94 })
  avg_price_per_hour!: number | null;

  @ApiProperty({ ...figure, description: 'Lowest price of a GPU-hour', example: 0.12 })
  min_price_per_hour!: number | null;

  @ApiProperty({ ...figure, description: 'Highest price of a GPU-hour', example: 12 })
  max_price_per_hour!: number | null;

  @ApiProperty({
    ...figure,
    description:
      'Mean over offers of standard deviation / mean of the prices recorded in 7 days; null without an offer that has two',
    example: 0.034,
  })
  price_volatility!: number | null;

  @ApiProperty({ ...figure, description: 'Good syncs of all syncs in the last 24 h, percent', example: 98.6 })
  uptime_percentage!: number | null;

  @ApiProperty({ ...figure, description: 'Mean time of a good sync in the last 24 h, ms', example: 388.1 })
  avg_latency_ms!: number | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was last read without fault',
  })
  last_good_sync_at!: string | null;

  @ApiProperty({
    description: 'True when that is longer ago than three of its intervals: then none of its offers count',
  })
  stale!: boolean;
}
