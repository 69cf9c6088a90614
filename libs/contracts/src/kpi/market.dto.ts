import { ApiProperty } from '@nestjs/swagger';
import { OFFER_SOURCES, PRICING_KINDS, type OfferSource, type PricingKind } from '../offers';
import { MarketBasisDto } from './market-basis.dto';

const figure = { type: Number, nullable: true } as const;

/** An offer as far as a market figure names it; all about it is at /providers/{offer_id}. */
export class NamedOfferDto {
  @ApiProperty({ description: 'Id of the offer', example: '0190d3f2-8f5e-4c7b-9a51-0d1d6c1f3a10' })
  offer_id!: string;

  @ApiProperty({ description: 'Slug of the cloud', example: 'vastai' })
  provider!: string;

  @ApiProperty({ description: 'Canonical GPU model', example: 'RTX-3060' })
  gpu_type!: string;

  @ApiProperty({ ...figure, description: 'GPUs in the bookable unit', example: 1 })
  gpu_count!: number | null;

  @ApiProperty({ description: 'Region code', example: 'us-east' })
  region!: string;

  @ApiProperty({ enum: PRICING_KINDS, nullable: true, description: 'How it is sold' })
  pricing!: PricingKind | null;

  @ApiProperty({ enum: OFFER_SOURCES, description: 'emulator rows are a demonstration' })
  source!: OfferSource;

  @ApiProperty({ description: 'Price of one GPU for one hour', example: 0.05 })
  price_per_hour!: number;

  @ApiProperty({ description: 'ISO 4217 code of the price', example: 'USD' })
  currency!: string;
}

export class GpuMarketDto {
  @ApiProperty({ description: 'Canonical GPU model', example: 'H100-SXM' })
  gpu_type!: string;

  @ApiProperty({ description: 'Offers that count, in currency', example: 96 })
  offers!: number;

  @ApiProperty({ description: 'Lowest price of a GPU-hour', example: 1.49 })
  min_price_per_hour!: number;

  @ApiProperty({ description: 'Mean price of a GPU-hour', example: 2.4 })
  avg_price_per_hour!: number;

  @ApiProperty({ description: 'Median price of a GPU-hour', example: 2.2 })
  median_price_per_hour!: number;

  @ApiProperty({ description: 'Highest price of a GPU-hour', example: 6.9 })
  max_price_per_hour!: number;
}

/** The whole market (SPEC K2). */
export class MarketInsightsDto extends MarketBasisDto {
  @ApiProperty({ description: 'Clouds with at least one offer that counts', example: 12 })
  total_providers!: number;

  @ApiProperty({ description: 'Offers that count', example: 2140 })
  total_offers!: number;

  @ApiProperty({ type: NamedOfferDto, nullable: true, description: 'Lowest price of a GPU-hour; null without offers' })
  cheapest_gpu_offer!: NamedOfferDto | null;

  @ApiProperty({ type: NamedOfferDto, nullable: true, description: 'Highest price of a GPU-hour; null without offers' })
  most_expensive_gpu_offer!: NamedOfferDto | null;

  @ApiProperty({ ...figure, description: 'Mean price of a GPU-hour over offers', example: 2.31 })
  avg_market_price!: number | null;

  @ApiProperty({ ...figure, description: 'Median price of a GPU-hour over offers', example: 1.89 })
  median_market_price!: number | null;

  @ApiProperty({
    ...figure,
    description: 'Sample standard deviation of the price; null below two offers',
    example: 1.7,
  })
  price_stddev!: number | null;

  @ApiProperty({ type: [GpuMarketDto], description: 'Each GPU model in currency, most offers first' })
  by_gpu!: GpuMarketDto[];
}
