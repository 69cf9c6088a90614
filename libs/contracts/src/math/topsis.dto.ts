import { ApiProperty } from '@nestjs/swagger';

export const CRITERION_TYPES = ['benefit', 'cost'] as const;
export type CriterionType = (typeof CRITERION_TYPES)[number];

export class TopsisRequestDto {
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'number' }, minItems: 1 },
    minItems: 1,
    description: 'One row for each alternative, one column for each criterion',
    example: [
      [5, 8, 4],
      [7, 6, 8],
    ],
  })
  decision_matrix!: number[][];

  @ApiProperty({
    type: [Number],
    minimum: 0,
    description: 'One for each criterion; they sum to 1 within 1e-6',
    example: [0.3, 0.4, 0.3],
  })
  weights!: number[];

  @ApiProperty({
    enum: CRITERION_TYPES,
    isArray: true,
    description: 'benefit: more is better; cost: less is',
    example: ['benefit', 'benefit', 'cost'],
  })
  criteria_types!: CriterionType[];
}

export class TopsisAnswerDto {
  @ApiProperty({
    type: [Number],
    description: 'rankings[i] is the rank of alternative i, 1 best; ties share the best rank (1, 1, 3)',
    example: [2, 1],
  })
  rankings!: number[];

  @ApiProperty({ type: [Number], description: 'Closeness to the ideal, 0 to 1; 0.5 for all when all are alike' })
  scores!: number[];

  @ApiProperty({ type: [Number], description: 'Best value of each criterion, in weighted normalised space' })
  ideal_solution!: number[];

  @ApiProperty({ type: [Number], description: 'Worst value of each criterion, in weighted normalised space' })
  anti_ideal_solution!: number[];
}
