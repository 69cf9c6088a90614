import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { EMAIL_LENGTH, IsAddress, IsName } from './account-fields';
import { AdminPageQueryDto, IfGiven, trueOrFalse } from './admin-page.dto';
import { ROLES, type Role } from './auth-terms';

export const USER_SORT_FIELDS = ['email', 'full_name', 'role', 'tenant_name', 'created_at', 'last_login'] as const;
const USER_SORTS = USER_SORT_FIELDS.flatMap((field) => [field, `-${field}`]);

export class AdminUserQueryDto extends AdminPageQueryDto {
  @ApiProperty({
    required: false,
    description: 'Field to sort by, - for descending',
    enum: USER_SORTS,
    example: 'email',
  })
  @IfGiven()
  @IsIn(USER_SORTS)
  sort?: string;

  @ApiProperty({ required: false, description: 'Only users of this role', enum: ROLES })
  @IfGiven()
  @IsIn(ROLES)
  role?: Role;

  @ApiProperty({ required: false, description: 'Only users of this tenant', format: 'uuid' })
  @IfGiven()
  @IsUUID()
  tenant_id?: string;

  @ApiProperty({ required: false, description: 'Only users who may (true) or may not (false) sign in', type: Boolean })
  @IfGiven()
  @Transform(trueOrFalse)
  @IsBoolean()
  is_active?: boolean;

  @ApiProperty({
    required: false,
    description: 'Only users with (true) or without (false) a second factor',
    type: Boolean,
  })
  @IfGiven()
  @Transform(trueOrFalse)
  @IsBoolean()
  mfa_enabled?: boolean;
}

export class AdminUserDto {
  @ApiProperty({ description: 'Id of the user', format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'E-mail address', example: 'grace@example.org' })
  email!: string;

  @ApiProperty({ description: 'How the person is called', example: 'Grace Hopper' })
  full_name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'As the person named it', example: 'Example Labs' })
  organization!: string | null;

  @ApiProperty({ enum: ROLES, description: 'What the user may do' })
  role!: Role;

  @ApiProperty({ type: String, nullable: true, description: 'Id of the tenant', format: 'uuid' })
  tenant_id!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Name of the tenant', example: 'Example Labs' })
  tenant_name!: string | null;

  @ApiProperty({ description: 'Whether the user may sign in' })
  is_active!: boolean;

  @ApiProperty({ description: 'Whether signing in takes a second factor' })
  mfa_enabled!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'RFC 3339, UTC', format: 'date-time' })
  last_login!: string | null;

  @ApiProperty({ description: 'RFC 3339, UTC', format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ description: 'RFC 3339, UTC', format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  updated_at!: string;
}

export class AdminUserListDto {
  @ApiProperty({ type: [AdminUserDto], description: 'One page' })
  items!: AdminUserDto[];

  @ApiProperty({ description: 'Users on all pages', example: 42 })
  total!: number;
}

export class CreateUserDto {
  @ApiProperty({ description: 'Signs in, in any case; ASCII', example: 'grace@example.org', maxLength: EMAIL_LENGTH })
  @IsAddress()
  email!: string;

  @ApiProperty({
    description: 'Neither well known nor made of the address',
    minLength: 8,
    maxLength: 128,
    format: 'password',
  })
  @IsString()
  password!: string;

  @ApiProperty({ description: 'How the person is called', minLength: 1, maxLength: 255, example: 'Grace Hopper' })
  @IsName()
  full_name!: string;

  @ApiProperty({ type: String, required: false, nullable: true, description: 'As the person names it', maxLength: 255 })
  @IsOptional()
  @IsName()
  organization?: string | null;

  @ApiProperty({ enum: ROLES, description: 'What the user may do' })
  @IsIn(ROLES)
  role!: Role;

  @ApiProperty({ required: false, description: 'Tenant to join; a new free one when absent', format: 'uuid' })
  @IfGiven()
  @IsUUID()
  tenant_id?: string;
}

/** Members that are left out stay as they are. */
export class ChangeUserDto {
  @ApiProperty({ required: false, description: 'Signs in, in any case; ASCII', maxLength: EMAIL_LENGTH })
  @IfGiven()
  @IsAddress()
  email?: string;

  @ApiProperty({ required: false, description: 'How the person is called', minLength: 1, maxLength: 255 })
  @IfGiven()
  @IsName()
  full_name?: string;

  @ApiProperty({ type: String, required: false, nullable: true, description: 'Null takes it away', maxLength: 255 })
  @IsOptional()
  @IsName()
  organization?: string | null;

  @ApiProperty({ required: false, enum: ROLES, description: 'Tokens of the former role are refused at once' })
  @IfGiven()
  @IsIn(ROLES)
  role?: Role;

  @ApiProperty({ required: false, description: 'Tenant to move to', format: 'uuid' })
  @IfGiven()
  @IsUUID()
  tenant_id?: string;

  @ApiProperty({ required: false, description: 'False ends every session of the user', type: Boolean })
  @IfGiven()
  @IsBoolean()
  is_active?: boolean;
}
