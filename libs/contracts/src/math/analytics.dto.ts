import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class PricePointInputDto {
  @ApiProperty({
    format: 'date-time',
    description: 'When the price began to hold',
    example: '2026-11-01T00:00:00.000Z',
  })
  at!: string;

  @ApiProperty({ minimum: 0, maximum: 1_000_000, description: 'Price from then on, in any currency', example: 2.49 })
  value!: number;
}

/** One of series, offer_id and gpu_type. */
export class PriceAnalyticsRequestDto {
  @ApiPropertyOptional({
    type: 'array',
    items: {
      oneOf: [{ $ref: '#/components/schemas/PricePointInputDto' }, { type: 'number', minimum: 0, maximum: 1_000_000 }],
    },
    minItems: 2,
    maxItems: 20_000,
    description: 'Prices in any order; bare numbers are an hour apart, the last of them now',
    example: [
      { at: '2026-11-01T00:00:00.000Z', value: 2.49 },
      { at: '2026-11-02T00:00:00.000Z', value: 2.39 },
    ],
  })
  series?: (PricePointInputDto | number)[];

  @ApiPropertyOptional({ minLength: 1, maxLength: 128, description: 'Id of an offer, whose recorded history is read' })
  offer_id?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 100,
    description: 'GPU model, alias or family: median of the 20 cheapest on-demand offers of it',
    example: 'H100',
  })
  gpu_type?: string;

  @ApiPropertyOptional({
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 2160,
    default: 24,
    description: 'How far to look ahead, in hours',
  })
  horizon_hours?: number;
}

export class ForecastPointDto {
  @ApiProperty({ format: 'date-time', description: 'Moment that is forecast' })
  at!: string;

  @ApiProperty({ description: 'Expected price, four decimals', example: 2.49 })
  value!: number;

  @ApiProperty({ description: 'Lower end of the 90 % interval', example: 2.19 })
  low!: number;

  @ApiProperty({ description: 'Upper end of the 90 % interval', example: 2.79 })
  high!: number;
}

export class PriceAnalyticsAnswerDto {
  @ApiProperty({
    description: 'Standard deviation over mean, each price weighted by how long it held; 0 when it never changed',
    example: 0.06,
  })
  volatility!: number;

  @ApiProperty({
    description: 'Price change an hour: median slope between pairs of points, six digits',
    example: -0.0004,
  })
  trend!: number;

  @ApiProperty({ enum: ['rising', 'falling', 'flat'], description: 'flat: less than 0.1 % of the mean price a day' })
  trend_direction!: string;

  @ApiProperty({
    type: [ForecastPointDto],
    description: 'Hourly up to a week, at most 168 points; the last one is at the horizon',
  })
  forecast!: ForecastPointDto[];

  @ApiProperty({ description: 'Share of later prices that the intervals are to hold', example: 0.9 })
  interval!: number;

  @ApiProperty({ enum: ['series', 'offer', 'gpu'], description: 'Where the prices came from' })
  source!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The model that gpu_type was taken to mean; null otherwise',
    example: 'H100-SXM',
  })
  gpu_model!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'ISO 4217 code; null for a series, which says none',
    example: 'USD',
  })
  currency!: string | null;

  @ApiProperty({ description: 'Points that were used', example: 672 })
  points!: number;

  @ApiProperty({ format: 'date-time', description: 'The oldest of them' })
  from!: string;

  @ApiProperty({ format: 'date-time', description: 'The newest of them, from which the forecast looks ahead' })
  to!: string;

  @ApiProperty({ type: [String], description: 'What the caller should know' })
  warnings!: string[];
}
