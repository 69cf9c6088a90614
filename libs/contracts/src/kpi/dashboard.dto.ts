import { ApiProperty } from '@nestjs/swagger';
import { MarketBasisDto } from './market-basis.dto';

const price = { type: Number, nullable: true } as const;

export class PriceBucketDto {
  @ApiProperty({ description: 'Lowest price of the bucket, itself inside', example: 0.5 })
  from!: number;

  @ApiProperty({ description: 'Where the bucket ends: itself outside, but inside in the last one', example: 1 })
  to!: number;

  @ApiProperty({ description: 'Offers whose price of a GPU-hour is in it', example: 212 })
  count!: number;
}

/** A histogram: buckets of one width up to the 95th percentile, and one more for what is above. */
export class PriceDistributionDto extends MarketBasisDto {
  @ApiProperty({ description: 'Offers in currency that count: the sum of the buckets', example: 2126 })
  total!: number;

  @ApiProperty({ type: [PriceBucketDto], description: 'By price, lowest first, without gaps; empty without offers' })
  items!: PriceBucketDto[];
}

export class ProviderShareDto {
  @ApiProperty({ description: 'Slug of the cloud', example: 'vastai' })
  provider!: string;

  @ApiProperty({ description: 'Its offers that count', example: 640 })
  offers!: number;

  @ApiProperty({ description: 'Part of all offers, 0 to 1', example: 0.3 })
  share!: number;

  @ApiProperty({ description: 'GPUs in its offers; an offer that says no number is one', example: 1210 })
  gpus!: number;

  @ApiProperty({ description: 'Part of all GPUs, 0 to 1', example: 0.2 })
  gpu_share!: number;
}

/** Who has how much of the market; the shares add up to 1. */
export class MarketShareDto extends MarketBasisDto {
  @ApiProperty({ description: 'Clouds with at least one offer that counts', example: 12 })
  total!: number;

  @ApiProperty({ description: 'Offers that count, in any currency', example: 2140 })
  total_offers!: number;

  @ApiProperty({ type: [ProviderShareDto], description: 'Largest share of offers first' })
  items!: ProviderShareDto[];
}

export class DayPriceDto {
  @ApiProperty({ format: 'date', description: 'Day in UTC; the last one is today', example: '2026-11-21' })
  day!: string;

  @ApiProperty({ description: 'Offers that were to be had at the end of the day, now for today', example: 2040 })
  offers!: number;

  @ApiProperty({ ...price, description: 'Mean of their prices of a GPU-hour', example: 2.31 })
  avg_price_per_hour!: number | null;

  @ApiProperty({ ...price, description: 'Median of their prices', example: 1.89 })
  median_price_per_hour!: number | null;

  @ApiProperty({ ...price, description: 'Lowest of their prices', example: 0.05 })
  min_price_per_hour!: number | null;
}

/** How prices went, day by day, from recorded changes. */
export class PriceTrendDto extends MarketBasisDto {
  @ApiProperty({ description: 'Days that are shown', example: 7 })
  total!: number;

  @ApiProperty({ type: [DayPriceDto], description: 'Oldest day first; a day without a known price has nulls' })
  items!: DayPriceDto[];
}

export class GpuSavingsDto {
  @ApiProperty({ description: 'Canonical GPU model', example: 'H100-SXM' })
  gpu_type!: string;

  @ApiProperty({ description: 'Its offers in currency that count', example: 96 })
  offers!: number;

  @ApiProperty({ description: 'Lowest price of a GPU-hour', example: 1.49 })
  cheapest_price_per_hour!: number;

  @ApiProperty({ description: 'Median price of a GPU-hour', example: 2.2 })
  median_price_per_hour!: number;

  @ApiProperty({ description: '1 - cheapest / median, 0 to 1', example: 0.3227 })
  savings!: number;
}

/** What taking the cheapest offer of a model saves against its median. */
export class SavingsDto extends MarketBasisDto {
  @ApiProperty({ ...price, description: 'Mean over models, weighted by their offers, 0 to 1', example: 0.41 })
  savings!: number | null;

  @ApiProperty({ description: 'GPU models that are shown', example: 48 })
  total!: number;

  @ApiProperty({ type: [GpuSavingsDto], description: 'Each GPU model in currency, most offers first' })
  items!: GpuSavingsDto[];
}
