import { ApiProperty } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from './error-codes';

/** One bad field of a request. */
export class ErrorDetailDto {
  @ApiProperty({ description: 'Name of the field, dotted for nested ones', example: 'per_page' })
  field!: string;

  @ApiProperty({ description: 'What is wrong with it', example: 'must be one of 10, 20, 50, 100' })
  message!: string;
}

export class ErrorBodyDto {
  @ApiProperty({ enum: ERROR_CODES, description: 'What a client branches on', example: 'VALIDATION_ERROR' })
  code!: ErrorCode;

  @ApiProperty({ description: 'One sentence for people', example: 'Request validation failed' })
  message!: string;

  @ApiProperty({ type: [ErrorDetailDto], nullable: true, description: 'One entry per bad field, or null' })
  details!: ErrorDetailDto[] | null;

  @ApiProperty({ description: 'Trace id of the request, 32 hex digits', example: '4bf92f3577b34da6a3ce929d0e0e4736' })
  trace_id!: string;
}

/** What every failure looks like, from every service and for every cause (SPEC G3). */
export class ErrorEnvelopeDto {
  @ApiProperty({ description: 'The same sentence as error.message', example: 'Request validation failed' })
  detail!: string;

  @ApiProperty({ type: ErrorBodyDto })
  error!: ErrorBodyDto;
}
