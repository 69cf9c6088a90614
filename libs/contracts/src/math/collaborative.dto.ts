import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class PairDto {
  @ApiProperty({ minLength: 1, maxLength: 128, example: 'u1' })
  user!: string;

  @ApiProperty({ minLength: 1, maxLength: 128, example: 'offer-1' })
  item!: string;
}

export class RatingDto extends PairDto {
  @ApiProperty({ minimum: -1e6, maximum: 1e6, description: 'Not negative when implicit', example: 4 })
  value!: number;
}

export class PredictionDto extends PairDto {
  @ApiProperty({ type: Number, nullable: true, description: 'null when the user or the item was never rated' })
  value!: number | null;
}

const FACTORS = { type: 'object', additionalProperties: { type: 'array', items: { type: 'number' } } } as const;

export class CollaborativeRequestDto {
  @ApiProperty({ type: [RatingDto], description: 'Each pair once' })
  ratings!: RatingDto[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: 50,
    description: 'Factors; times the number of users and items at most 2,000,000',
  })
  k?: number;

  @ApiPropertyOptional({ minimum: 1e-9, default: 0.1, description: 'Weight of the squared norms' })
  lambda?: number;

  @ApiPropertyOptional({ minimum: 0, maximum: 1, default: 1e-6, description: 'Relative fall of the loss that ends it' })
  tolerance?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1000, default: 20 })
  max_sweeps?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 42, description: 'Of the random start' })
  seed?: number;

  @ApiPropertyOptional({ default: false, description: 'Values are counts of actions, and what is missing means no' })
  implicit?: boolean;

  @ApiPropertyOptional({ minimum: 1e-9, default: 1, description: 'Implicit: confidence is 1 + alpha x value' })
  alpha?: number;

  @ApiPropertyOptional({ ...FACTORS, description: 'Start vectors of k numbers by user' })
  user_factors?: Record<string, number[]>;

  @ApiPropertyOptional({ ...FACTORS, description: 'Start vectors of k numbers by item' })
  item_factors?: Record<string, number[]>;

  @ApiPropertyOptional({ type: [PairDto], description: 'Pairs to predict' })
  predict?: PairDto[];
}

export class CollaborativeAnswerDto {
  @ApiProperty({ ...FACTORS, description: 'Vector of k numbers by user; unique only up to a rotation' })
  user_factors!: Record<string, number[]>;

  @ApiProperty({ ...FACTORS, description: 'Vector of k numbers by item' })
  item_factors!: Record<string, number[]>;

  @ApiProperty({ type: [PredictionDto] })
  predictions!: PredictionDto[];

  @ApiProperty({ description: 'Loss of the start' })
  loss_initial!: number;

  @ApiProperty({ type: [Number], description: 'After users, after items, after users, …; it never rises' })
  loss_per_half_sweep!: number[];

  @ApiProperty({ example: 12 })
  sweeps!: number;

  @ApiProperty({ description: 'False when max_sweeps ended it' })
  converged!: boolean;
}
