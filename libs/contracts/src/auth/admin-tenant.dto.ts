import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { IsName } from './account-fields';
import { AdminPageQueryDto, IfGiven, trueOrFalse } from './admin-page.dto';
import { PLANS, type Plan } from './auth-terms';

const MOST = 1_000_000;

export const TENANT_SORT_FIELDS = ['name', 'plan', 'rate_limit_rps', 'ws_limit', 'users', 'created_at'] as const;
const TENANT_SORTS = TENANT_SORT_FIELDS.flatMap((field) => [field, `-${field}`]);

export class AdminTenantQueryDto extends AdminPageQueryDto {
  @ApiProperty({
    required: false,
    description: 'Field to sort by, - for descending',
    enum: TENANT_SORTS,
    example: 'name',
  })
  @IfGiven()
  @IsIn(TENANT_SORTS)
  sort?: string;

  @ApiProperty({ required: false, description: 'Only tenants of this plan', enum: PLANS })
  @IfGiven()
  @IsIn(PLANS)
  plan?: Plan;

  @ApiProperty({
    required: false,
    description: 'Only tenants whose users may (true) or may not (false) sign in',
    type: Boolean,
  })
  @IfGiven()
  @Transform(trueOrFalse)
  @IsBoolean()
  is_active?: boolean;
}

export class AdminTenantDto {
  @ApiProperty({ description: 'Id of the tenant', format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'No two tenants have the same', example: 'Example Labs' })
  name!: string;

  @ApiProperty({ enum: PLANS, description: 'What was bought', example: 'free' })
  plan!: Plan;

  @ApiProperty({ description: 'Requests per second', example: 10 })
  rate_limit_rps!: number;

  @ApiProperty({ description: 'Sockets open at once', example: 5 })
  ws_limit!: number;

  @ApiProperty({ description: 'Users, active or not', example: 3 })
  users!: number;

  @ApiProperty({ description: 'Whether its users may sign in' })
  is_active!: boolean;

  @ApiProperty({ description: 'RFC 3339, UTC', format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  created_at!: string;
}

export class AdminTenantListDto {
  @ApiProperty({ type: [AdminTenantDto], description: 'One page' })
  items!: AdminTenantDto[];

  @ApiProperty({ description: 'Tenants on all pages', example: 42 })
  total!: number;
}

export class CreateTenantDto {
  @ApiProperty({ description: 'Not taken by another tenant', minLength: 1, maxLength: 255, example: 'Example Labs' })
  @IsName()
  name!: string;

  @ApiProperty({ required: false, enum: PLANS, description: 'Free when absent', default: 'free' })
  @IfGiven()
  @IsIn(PLANS)
  plan?: Plan;

  @ApiProperty({
    required: false,
    description: "Requests per second; the plan's when absent",
    minimum: 1,
    maximum: MOST,
  })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(MOST)
  rate_limit_rps?: number;

  @ApiProperty({
    required: false,
    description: "Sockets open at once; the plan's when absent",
    minimum: 0,
    maximum: MOST,
  })
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(MOST)
  ws_limit?: number;
}

/** Members that are left out stay as they are; a change of plan brings the plan's limits, those named here before them. */
export class ChangeTenantDto {
  @ApiProperty({ required: false, description: 'Not taken by another tenant', minLength: 1, maxLength: 255 })
  @IfGiven()
  @IsName()
  name?: string;

  @ApiProperty({ required: false, enum: PLANS, description: 'Another plan brings its limits' })
  @IfGiven()
  @IsIn(PLANS)
  plan?: Plan;

  @ApiProperty({
    required: false,
    description: 'Requests per second, whatever the plan says',
    minimum: 1,
    maximum: MOST,
  })
  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(MOST)
  rate_limit_rps?: number;

  @ApiProperty({
    required: false,
    description: 'Sockets open at once, whatever the plan says',
    minimum: 0,
    maximum: MOST,
  })
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(MOST)
  ws_limit?: number;

  @ApiProperty({ required: false, description: 'False ends every session of its users', type: Boolean })
  @IfGiven()
  @IsBoolean()
  is_active?: boolean;
}
