import { ApiProperty } from '@nestjs/swagger';
import { UnitCostsDto } from './market-basis.dto';

const figure = { type: Number, nullable: true } as const;

/** The market in one look (SPEC K2, K3). */
export class KpiOverviewDto extends UnitCostsDto {
  @ApiProperty({ ...figure, description: 'Good syncs of all syncs in the last 24 h, percent', example: 99.2 })
  uptime_pct!: number | null;

  @ApiProperty({ ...figure, description: 'Mean time of a good sync in the last 24 h, ms', example: 412.5 })
  avg_latency_ms!: number | null;

  @ApiProperty({ description: 'Clouds with at least one offer that counts', example: 12 })
  active_providers!: number;

  @ApiProperty({ description: 'Offers that count', example: 2140 })
  total_offers!: number;

  @ApiProperty({ description: 'GPUs in these offers; an offer that says no number is one', example: 6120 })
  available_gpus!: number;

  @ApiProperty({ description: 'GPU models among these offers', example: 48 })
  gpu_models!: number;

  @ApiProperty({ ...figure, description: 'Mean price of a GPU-hour over offers', example: 2.31 })
  avg_price_per_hour!: number | null;

  @ApiProperty({ ...figure, description: 'Median price of a GPU-hour over offers', example: 1.89 })
  median_price_per_hour!: number | null;

  @ApiProperty({ ...figure, description: 'As /kpi/savings says it, 0 to 1', example: 0.44 })
  savings!: number | null;
}
