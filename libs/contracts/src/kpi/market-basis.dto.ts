import { ApiProperty } from '@nestjs/swagger';
import { OFFER_SOURCES, type OfferSource } from '../offers';

export class SourceCountDto {
  @ApiProperty({
    enum: OFFER_SOURCES,
    description: 'Where the offers come from; emulator rows are a demonstration',
  })
  source!: OfferSource;

  @ApiProperty({ description: 'Offers of that source that count', example: 812 })
  offers!: number;
}

/**
 * What every KPI answer says about itself. Offers count that are listed, not unavailable and not stale; prices are of one
 * GPU for one hour, and figures of money cover the offers in `currency` only: nothing is converted.
 */
export class MarketBasisDto {
  @ApiProperty({ format: 'date-time', description: 'The moment that every figure here belongs to' })
  as_of!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'ISO 4217 code of every amount here, the one that most of the offers are in; null without offers',
    example: 'USD',
  })
  currency!: string | null;

  @ApiProperty({
    description: 'Offers that count but are sold in another currency: in no figure of money',
    example: 14,
  })
  other_currency_offers!: number;

  @ApiProperty({ type: [SourceCountDto], description: 'Where the offers that count come from' })
  sources!: SourceCountDto[];

  @ApiProperty({ type: [String], description: 'What the reader should know; empty when all is well' })
  warnings!: string[];
}

/** The unit costs of offers (SPEC K5): a 7B model in FP16 on one GPU, one request at a time. */
export class UnitCostsDto extends MarketBasisDto {
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Mean over offers of the cost of one generated token of a 7B model, six significant digits',
    example: 0.0000061,
  })
  cost_per_token!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Mean over offers of the cost of one GFLOP/s held for one hour, six significant digits',
    example: 0.00000251,
  })
  cost_per_gflop!: number | null;

  @ApiProperty({
    description: 'The model that cost_per_token is of, with its precision',
    example: '7b fp16',
  })
  cost_model!: string;
}
