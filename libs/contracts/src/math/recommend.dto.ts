import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ProviderItemDto } from '../offers/provider-item.dto';
import { WORKLOAD_TYPES, WorkloadBudgetDto, type WorkloadType } from './workload.dto';

export class EnsembleWeightsDto {
  @ApiProperty({ minimum: 0, maximum: 1, description: 'Share of the criteria of the work (TOPSIS)', example: 0.4 })
  topsis!: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'Share of what users do with offers', example: 0.3 })
  collaborative!: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'Share of the likeness to what the work asks for', example: 0.3 })
  content!: number;
}

export class WorkloadProfileDto {
  @ApiProperty({
    enum: WORKLOAD_TYPES,
    enumName: 'WorkloadType',
    description: 'Kind of work',
    example: 'llm_inference',
  })
  workload_type!: WorkloadType;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'number', minimum: 0.05, maximum: 2000 }],
    nullable: true,
    description: 'Size of the model, "7b" or billions of parameters',
    example: '7b',
  })
  model_size?: string | number | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'Name of the model', example: 'llama-3-8b' })
  model_name?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, default: 'fp16', description: 'How the weights are stored' })
  precision?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 10_000_000,
    description: 'Prompt and answer together, in tokens; 640 by default',
  })
  context_tokens?: number | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'A region code, a prefix that ends in "-", or eu, us, uk, asia, latam: offers elsewhere are left out',
    example: 'eu',
  })
  region?: string | null;

  @ApiPropertyOptional({
    oneOf: [{ type: 'number', minimum: 0, exclusiveMinimum: true }, { $ref: '#/components/schemas/WorkloadBudgetDto' }],
    nullable: true,
    description: 'A number is the most that an hour of the bookable unit may cost; dearer offers are left out',
    example: 10,
  })
  budget?: number | WorkloadBudgetDto | null;
}

export class EnsembleRequestDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 128,
    description: 'For the caller’s own books; whose taste counts is decided by the token',
    example: 'u-42',
  })
  user_id!: string;

  @ApiProperty({ type: WorkloadProfileDto, description: 'What the offers are wanted for' })
  workload_profile!: WorkloadProfileDto;

  @ApiProperty({
    type: [ProviderItemDto],
    description:
      'Offers as the list returns them; further members are ignored. All of them are ranked before top_k cuts',
  })
  candidate_offers!: ProviderItemDto[];

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1000, default: 10, description: 'Most recommendations' })
  top_k?: number;

  @ApiPropertyOptional({
    type: EnsembleWeightsDto,
    description: 'Not negative, sum 1 within 1e-6; 0.4, 0.3, 0.3 by default',
  })
  weights?: EnsembleWeightsDto;
}

export const COUNTERFACTUAL_CRITERIA = ['price_per_hour', 'reliability_score', 'availability_status'] as const;
export type CounterfactualCriterion = (typeof COUNTERFACTUAL_CRITERIA)[number];

const VALUE = { oneOf: [{ type: 'number' }, { type: 'string' }] };

/** One change of this offer, all others as they are, after which another offer comes first. */
export class CounterfactualDto {
  @ApiProperty({ enum: COUNTERFACTUAL_CRITERIA, description: 'The member that would have to change' })
  criterion!: CounterfactualCriterion;

  @ApiProperty({ ...VALUE, description: 'What it is; prices in the offer’s currency per GPU-hour', example: 2.49 })
  from!: number | string;

  @ApiProperty({ ...VALUE, description: 'The nearest value that changes the winner, in steps of 0.0001', example: 2.1 })
  to!: number | string;

  @ApiProperty({ description: 'Id of the offer that would come first then', example: 'b0c1' })
  new_winner!: string;
}

export class ContributionsDto {
  @ApiProperty({ minimum: 0, maximum: 1, description: 'Weight times the TOPSIS score', example: 0.21 })
  topsis!: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'Weight times predicted liking, or popularity', example: 0.12 })
  collaborative!: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'Weight times likeness', example: 0.2 })
  content!: number;

  @ApiProperty({
    minimum: 0,
    maximum: 1,
    description: 'What was added because the offer beats a higher one in price, speed, memory and reliability alike',
    example: 0,
  })
  dominance!: number;
}

export class RecommendationDto {
  @ApiProperty({ description: 'Id of the offer', example: 'b0c1' })
  offer_id!: string;

  @ApiProperty({ description: '1 is best; no two share one', example: 1 })
  rank!: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'Sum of the contributions, four decimals', example: 0.6132 })
  score!: number;

  @ApiProperty({ type: ContributionsDto, description: 'What the score is made of' })
  contributions!: ContributionsDto;

  @ApiProperty({ description: 'The same in words' })
  explanation!: string;

  @ApiProperty({
    type: [CounterfactualDto],
    description: 'What would change the winner, each tried by ranking again; for the first 20 recommendations',
  })
  counterfactuals!: CounterfactualDto[];
}

export const EXCLUSION_REASONS = ['unavailable', 'memory', 'region', 'budget', 'currency'] as const;
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number];

export class ExcludedOfferDto {
  @ApiProperty({ description: 'Id of the offer', example: 'b0c2' })
  offer_id!: string;

  @ApiProperty({ enum: EXCLUSION_REASONS, description: 'Why it is not ranked' })
  reason!: ExclusionReason;
}

export const COLLABORATIVE_SOURCES = ['factors', 'popularity', 'none'] as const;
export type CollaborativeSource = (typeof COLLABORATIVE_SOURCES)[number];

export class EnsembleAnswerDto {
  @ApiProperty({ type: [RecommendationDto], description: 'Best first' })
  recommendations!: RecommendationDto[];

  @ApiProperty({
    type: EnsembleWeightsDto,
    description: 'The weights as they were used; a part without data has 0 and the others share its weight',
  })
  algorithm_contributions!: EnsembleWeightsDto;

  @ApiProperty({
    enum: COLLABORATIVE_SOURCES,
    description:
      'factors: this user’s own taste; popularity: a cold start, what all users do; none: nobody did anything yet',
  })
  collaborative_source!: CollaborativeSource;

  @ApiProperty({ description: 'True when nothing is known of this user' })
  cold_start!: boolean;

  @ApiProperty({ minimum: 0, maximum: 1, description: 'Share of the weights that rests on known facts', example: 0.7 })
  confidence!: number;

  @ApiProperty({ type: [ExcludedOfferDto], description: 'Candidates that cannot do the work' })
  excluded!: ExcludedOfferDto[];

  @ApiProperty({ type: [String], description: 'What the caller should know' })
  warnings!: string[];
}
