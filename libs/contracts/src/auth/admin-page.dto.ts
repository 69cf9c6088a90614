import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsString, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';

export const PAGE_SIZES = [10, 20, 50, 100] as const;
export const DEFAULT_PAGE_SIZE = 20;
/** Enough for every page there is, few enough that an offset stays a whole number. */
const LAST_PAGE = 1_000_000;
/** PostgreSQL takes no NUL in a text. */
export const NO_NUL = /^[^\0]*$/;

/** May be left out. IsOptional would also let null pass, where null means nothing. */
export const IfGiven = (): PropertyDecorator => ValidateIf((_dto, value) => value !== undefined);

interface Given {
  readonly value: unknown;
}

/** A query knows texts only; what is no plain number stays a text and is refused as one. */
export const wholeNumber = ({ value }: Given): unknown =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;

export const trueOrFalse = ({ value }: Given): unknown => (value === 'true' ? true : value === 'false' ? false : value);

/** Which page of a list. */
export class AdminPageQueryDto {
  @ApiProperty({ required: false, description: 'Page number, from 1', minimum: 1, maximum: LAST_PAGE, default: 1 })
  @IfGiven()
  @Transform(wholeNumber)
  @IsInt()
  @Min(1)
  @Max(LAST_PAGE)
  page?: number;

  @ApiProperty({ required: false, description: 'Rows per page', enum: PAGE_SIZES, default: DEFAULT_PAGE_SIZE })
  @IfGiven()
  @Transform(wholeNumber)
  @IsIn(PAGE_SIZES)
  per_page?: number;

  @ApiProperty({ required: false, description: 'Part of a text, any case, taken literally', maxLength: 200 })
  @IfGiven()
  @IsString()
  @MaxLength(200)
  @Matches(NO_NUL)
  q?: string;
}
