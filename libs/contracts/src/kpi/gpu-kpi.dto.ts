import { ApiProperty } from '@nestjs/swagger';
import { UnitCostsDto } from './market-basis.dto';

const price = { type: Number, nullable: true } as const;

/** Percentiles over the different prices that offers had within a window. */
export class PricePercentilesDto {
  @ApiProperty({ description: 'Prices that are covered: each price of each offer once', example: 310 })
  prices!: number;

  @ApiProperty({ ...price, description: '10 % of the prices are at most this', example: 1.49 })
  p10!: number | null;

  @ApiProperty({ ...price, description: '25 % of the prices are at most this', example: 1.75 })
  p25!: number | null;

  @ApiProperty({ ...price, description: 'Half of the prices are at most this', example: 2.1 })
  p50!: number | null;

  @ApiProperty({ ...price, description: '75 % of the prices are at most this', example: 2.6 })
  p75!: number | null;

  @ApiProperty({ ...price, description: '90 % of the prices are at most this', example: 3.4 })
  p90!: number | null;
}

export class WindowPercentilesDto {
  @ApiProperty({ type: PricePercentilesDto, description: 'Prices in force within the last 24 hours' })
  last_24h!: PricePercentilesDto;

  @ApiProperty({ type: PricePercentilesDto, description: 'Prices in force within the last 7 days' })
  last_7d!: PricePercentilesDto;

  @ApiProperty({ type: PricePercentilesDto, description: 'Prices in force within the last 30 days' })
  last_30d!: PricePercentilesDto;
}

export const COVERED_AS = ['model', 'family'] as const;
export type CoveredAs = (typeof COVERED_AS)[number];

/** One GPU model, or all models of a family (SPEC K2). */
export class GpuKpiDto extends UnitCostsDto {
  @ApiProperty({ description: 'What the question was taken to mean: a canonical model or a family', example: 'H100' })
  gpu_type!: string;

  @ApiProperty({ enum: COVERED_AS, enumName: 'CoveredAs', description: 'Whether gpu_type is one model or a family' })
  covered_as!: CoveredAs;

  @ApiProperty({
    type: [String],
    description: 'The models whose offers are covered, as offers name them',
    example: ['H100', 'H100-PCIE', 'H100-SXM'],
  })
  covers!: string[];

  @ApiProperty({ description: 'Offers that count', example: 120 })
  total_offers!: number;

  @ApiProperty({ description: 'Clouds that have them', example: 8 })
  providers!: number;

  @ApiProperty({ description: 'GPUs in these offers; an offer that says no number is one', example: 640 })
  available_gpus!: number;

  @ApiProperty({ ...price, description: 'Mean price of a GPU-hour over offers', example: 2.31 })
  avg_price_per_hour!: number | null;

  @ApiProperty({ ...price, description: 'Lowest price of a GPU-hour', example: 1.2 })
  min_price_per_hour!: number | null;

  @ApiProperty({ ...price, description: 'Highest price of a GPU-hour', example: 6.9 })
  max_price_per_hour!: number | null;

  @ApiProperty({ ...price, description: 'Median price of a GPU-hour', example: 2.1 })
  median_price_per_hour!: number | null;

  @ApiProperty({
    ...price,
    description: 'Sample standard deviation of the price of a GPU-hour; null below two offers',
    example: 0.41,
  })
  price_stddev!: number | null;

  @ApiProperty({ type: WindowPercentilesDto, description: 'How the price of a GPU-hour was distributed lately' })
  price_percentiles!: WindowPercentilesDto;
}
