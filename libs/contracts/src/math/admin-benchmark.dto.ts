import { ApiProperty, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsRFC3339,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { AdminPageQueryDto, IfGiven, NO_NUL, trueOrFalse } from '../auth/admin-page.dto';
import { BenchmarkDto } from './benchmark.dto';

export const BENCHMARK_SORT_FIELDS = [
  'gpu_model',
  'tflops_fp32',
  'tflops_fp16',
  'memory_bandwidth_gbps',
  'vram_gb',
  'tokens_per_second_7b',
  'verified_at',
  'created_at',
] as const;
const BENCHMARK_SORTS = BENCHMARK_SORT_FIELDS.flatMap((field) => [field, `-${field}`]);

export class AdminBenchmarkQueryDto extends AdminPageQueryDto {
  @ApiProperty({
    required: false,
    description: 'Field to sort by, - for descending; gpu_model by default',
    enum: BENCHMARK_SORTS,
  })
  @IfGiven()
  @IsIn(BENCHMARK_SORTS)
  sort?: string;

  @ApiProperty({
    required: false,
    description: 'Only rows that are in use (true) or deactivated (false)',
    type: Boolean,
  })
  @IfGiven()
  @Transform(trueOrFalse)
  @IsBoolean()
  is_active?: boolean;

  @ApiProperty({
    required: false,
    description: 'Only rows that were checked against their source (true) or not (false)',
    type: Boolean,
  })
  @IfGiven()
  @Transform(trueOrFalse)
  @IsBoolean()
  verified?: boolean;
}

const MOST = 10_000_000;

/** Null says that no source gives the figure; it is stored as 0 where the earlier build's column demands a value. */
const Known = (): PropertyDecorator => ValidateIf((_dto, value) => value !== undefined && value !== null);

const Figure =
  (description: string): PropertyDecorator =>
  (target, property) => {
    ApiProperty({
      required: false,
      type: Number,
      nullable: true,
      minimum: 0,
      exclusiveMinimum: true,
      maximum: MOST,
      description: `${description}; null: not known`,
    })(target, property);
    Known()(target, property);
    IsNumber({ allowNaN: false, allowInfinity: false })(target, property);
    Min(Number.MIN_VALUE)(target, property);
    Max(MOST)(target, property);
  };

const WholeFigure =
  (description: string): PropertyDecorator =>
  (target, property) => {
    Figure(description)(target, property);
    IsInt()(target, property);
  };

class BenchmarkFiguresDto {
  @Figure('FP32 rate in TFLOPS')
  tflops_fp32?: number | null;

  @Figure('Dense FP16 tensor rate in TFLOPS')
  tflops_fp16?: number | null;

  @Figure('Dense INT8 tensor rate in TOPS')
  tflops_int8?: number | null;

  @Figure('Memory bandwidth in GB/s')
  memory_bandwidth_gbps?: number | null;

  @WholeFigure('Memory of one GPU in GB')
  vram_gb?: number | null;

  @WholeFigure('Tokens/s of a 7B model in FP16, one request at a time')
  tokens_per_second_7b?: number | null;

  @WholeFigure('Tokens/s of a 13B model in FP16, one request at a time')
  tokens_per_second_13b?: number | null;

  @WholeFigure('Tokens/s of a 70B model in 4 bits, one request at a time')
  tokens_per_second_70b?: number | null;

  @WholeFigure('SDXL images a minute, 1024 x 1024, 20 steps')
  image_gen_per_minute?: number | null;

  @ApiProperty({
    required: false,
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When they were checked against it; null: not checked, or derived',
  })
  @Known()
  @IsRFC3339()
  verified_at?: string | null;

  @ApiProperty({ required: false, description: 'False takes the row out of every answer but this one', type: Boolean })
  @IfGiven()
  @IsBoolean()
  is_active?: boolean;
}

/** Members that are left out stay as they are. */
export class ChangeBenchmarkDto extends BenchmarkFiguresDto {
  @ApiProperty({
    required: false,
    description: 'GPU model that no other row has',
    minLength: 1,
    maxLength: 100,
    example: 'H100-SXM',
  })
  @IfGiven()
  @IsString()
  @Length(1, 100)
  @Matches(NO_NUL)
  gpu_model?: string;

  @ApiProperty({ required: false, description: 'Where the figures were read', minLength: 1, maxLength: 255 })
  @IfGiven()
  @IsString()
  @Length(1, 255)
  @Matches(NO_NUL)
  source?: string;
}

export class CreateBenchmarkDto extends BenchmarkFiguresDto {
  @ApiProperty({ description: 'GPU model that no other row has', minLength: 1, maxLength: 100, example: 'H100-SXM' })
  @IsString()
  @Length(1, 100)
  @Matches(NO_NUL)
  gpu_model!: string;

  @ApiProperty({ description: 'Where the figures were read', minLength: 1, maxLength: 255, example: 'datasheet' })
  @IsString()
  @Length(1, 255)
  @Matches(NO_NUL)
  source!: string;
}

const figure = { type: Number, nullable: true } as const;

/** A row as an administrator sees it: what is stored, nothing derived. */
export class AdminBenchmarkDto extends PickType(BenchmarkDto, [
  'id',
  'tflops_fp32',
  'tflops_fp16',
  'tflops_int8',
  'memory_bandwidth_gbps',
  'vram_gb',
  'created_at',
]) {
  @ApiProperty({ description: 'GPU model', example: 'H100-SXM' })
  gpu_model!: string;

  @ApiProperty({ ...figure, description: 'Measured tokens/s of a 7B model in FP16', example: 83 })
  tokens_per_second_7b!: number | null;

  @ApiProperty({ ...figure, description: 'Measured tokens/s of a 13B model in FP16', example: 51 })
  tokens_per_second_13b!: number | null;

  @ApiProperty({ ...figure, description: 'Measured tokens/s of a 70B model in 4 bits', example: 26 })
  tokens_per_second_70b!: number | null;

  @ApiProperty({ ...figure, description: 'Measured SDXL images a minute', example: 123 })
  image_gen_per_minute!: number | null;

  @ApiProperty({ description: 'Where the figures were read', example: 'stas00/ml-engineering' })
  source!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When they were checked against it; null: not checked',
  })
  verified_at!: string | null;

  @ApiProperty({ description: 'Whether answers use it' })
  is_active!: boolean;
}

export class AdminBenchmarkListDto {
  @ApiProperty({ type: [AdminBenchmarkDto], description: 'One page' })
  items!: AdminBenchmarkDto[];

  @ApiProperty({ description: 'Rows on all pages', example: 111 })
  total!: number;
}
