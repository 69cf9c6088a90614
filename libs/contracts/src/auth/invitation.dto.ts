import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { EMAIL_LENGTH, IsAddress, IsName } from './account-fields';

const LONGEST_TOKEN = 256;

/** What an invitation may make of somebody; `admin` is the platform's own. */
export const INVITED_ROLES = ['user', 'tenant_admin'] as const;
export type InvitedRole = (typeof INVITED_ROLES)[number];

export const INVITATION_STATES = ['open', 'accepted', 'revoked', 'expired'] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

export class CreateInvitationDto {
  @ApiProperty({ description: 'Who is invited; ASCII', example: 'ada@example.org', maxLength: EMAIL_LENGTH })
  @IsAddress()
  email!: string;

  @ApiProperty({ required: false, enum: INVITED_ROLES, default: 'user', description: 'What the new user may do' })
  @IsOptional()
  @IsIn(INVITED_ROLES)
  role?: InvitedRole;
}

export class InvitationDto {
  @ApiProperty({ description: 'Id of the invitation', format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Who is invited', example: 'ada@example.org' })
  email!: string;

  @ApiProperty({ enum: INVITED_ROLES, description: 'What the new user may do' })
  role!: InvitedRole;

  @ApiProperty({ enum: INVITATION_STATES, description: 'Only an open one can be accepted' })
  status!: InvitationState;

  @ApiProperty({ description: 'RFC 3339, UTC', format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ description: 'RFC 3339, UTC', format: 'date-time', example: '2026-02-07T12:00:00.000Z' })
  expires_at!: string;
}

export class NewInvitationDto extends InvitationDto {
  @ApiProperty({
    description: 'For invitations/accept, once; shown this once',
    example: 'kT3cJ8Zr0mQ5y2uVb9dX1aLwE7hNfPsGoRiKqUzMxYc',
  })
  token!: string;
}

export class InvitationListDto {
  @ApiProperty({ type: [InvitationDto], description: 'Newest first; those that are over are kept for 30 days' })
  items!: InvitationDto[];

  @ApiProperty({ description: 'How many there are', example: 1 })
  total!: number;
}

export class AcceptInvitationDto {
  @ApiProperty({
    description: 'As the invitation gave it',
    maxLength: LONGEST_TOKEN,
    example: 'kT3cJ8Zr0mQ5y2uVb9dX1aLwE7hNfPsGoRiKqUzMxYc',
  })
  @IsString()
  @MaxLength(LONGEST_TOKEN)
  token!: string;

  @ApiProperty({
    description: 'Characters; neither well known nor made of the address',
    minLength: 8,
    maxLength: 128,
    format: 'password',
    example: 'four-quiet-llamas-rent-gpus',
  })
  @IsString()
  password!: string;

  @ApiProperty({ description: 'How the person is called', minLength: 1, maxLength: 255, example: 'Ada Lovelace' })
  @IsName()
  full_name!: string;
}
