import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ProviderItemDto } from '../offers/provider-item.dto';

const VECTOR = { type: 'array', items: { type: 'number' }, minItems: 1 } as const;
/** What an offer is compared by; any other member is ignored, so that an item of the list can be sent as it is. */
const OFFER = { $ref: getSchemaPath(ProviderItemDto) };

export class ContentSimilarityRequestDto {
  @ApiProperty({ oneOf: [VECTOR, OFFER], description: 'A vector, or an offer as the list returns it', example: [1, 0] })
  target!: number[] | Record<string, unknown>;

  @ApiProperty({
    type: 'array',
    items: { oneOf: [VECTOR, OFFER] },
    description: 'Vectors as long as the target, or offers when the target is one',
    example: [
      [1, 0],
      [0, 1],
    ],
  })
  candidates!: (number[] | Record<string, unknown>)[];
}

export class ContentSimilarityAnswerDto {
  @ApiProperty({
    type: [Number],
    description: 'Cosine of the target with each candidate, -1 to 1; 0 for a vector of zeros',
    example: [1, 0],
  })
  similarities!: number[];
}
