import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { EMAIL_LENGTH, IsAddress, IsName } from './account-fields';
import { PLANS, ROLES, type Plan, type Role } from './auth-terms';

export class RegisterDto {
  @ApiProperty({ description: 'Signs in, in any case; ASCII', example: 'grace@example.org', maxLength: EMAIL_LENGTH })
  @IsAddress()
  email!: string;

  @ApiProperty({
    description: 'Characters; neither well known nor made of the address',
    minLength: 8,
    maxLength: 128,
    example: 'four-quiet-llamas-rent-gpus',
    format: 'password',
  })
  @IsString()
  password!: string;

  @ApiProperty({ description: 'How the person is called', minLength: 1, maxLength: 255, example: 'Grace Hopper' })
  @IsName()
  full_name!: string;

  @ApiProperty({
    type: String,
    required: false,
    nullable: true,
    description: 'Names the new tenant; the address does when absent',
    minLength: 1,
    maxLength: 255,
    example: 'Example Labs',
  })
  @IsOptional()
  @IsName()
  organization?: string | null;
}

export class RegisteredUserDto {
  @ApiProperty({ description: 'Id of the user', format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'grace@example.org' })
  email!: string;

  @ApiProperty({ example: 'Grace Hopper' })
  full_name!: string;

  @ApiProperty({ type: String, nullable: true, example: 'Example Labs' })
  organization!: string | null;

  @ApiProperty({ description: 'Whether the user may sign in' })
  is_active!: boolean;

  @ApiProperty({ description: 'RFC 3339, UTC', format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  created_at!: string;
}

/** The tenant as its users see it. */
export class OwnTenantDto {
  @ApiProperty({ description: 'Id of the tenant', format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'Example Labs' })
  name!: string;

  @ApiProperty({ enum: PLANS, example: 'free' })
  plan!: Plan;

  @ApiProperty({ description: 'Requests per second', example: 10 })
  rate_limit_rps!: number;

  @ApiProperty({ description: 'Sockets open at once', example: 5 })
  ws_limit!: number;
}

export class ProfileDto extends RegisteredUserDto {
  @ApiProperty({ enum: ROLES, isArray: true, example: ['tenant_admin'] })
  roles!: Role[];

  @ApiProperty({ description: 'Whether signing in takes a second factor' })
  mfa_enabled!: boolean;

  @ApiProperty({ description: 'Id of the tenant', format: 'uuid' })
  tenant_id!: string;

  @ApiProperty({ type: OwnTenantDto })
  tenant!: OwnTenantDto;
}
