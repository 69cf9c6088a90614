import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { AdminPageQueryDto, IfGiven, NO_NUL } from './admin-page.dto';

const AUDIT_SORTS = ['created_at', '-created_at'];

export class AuditLogQueryDto extends AdminPageQueryDto {
  @ApiProperty({
    required: false,
    description: 'By time, - for the newest first',
    enum: AUDIT_SORTS,
    default: '-created_at',
  })
  @IfGiven()
  @IsIn(AUDIT_SORTS)
  sort?: string;

  @ApiProperty({ required: false, description: 'Exactly this action', maxLength: 100, example: 'user.changed' })
  @IfGiven()
  @IsString()
  @MaxLength(100)
  @Matches(NO_NUL)
  action?: string;

  @ApiProperty({ required: false, description: 'Exactly this kind of thing', maxLength: 100, example: 'user' })
  @IfGiven()
  @IsString()
  @MaxLength(100)
  @Matches(NO_NUL)
  resource_type?: string;

  @ApiProperty({ required: false, description: 'Exactly this thing', maxLength: 255 })
  @IfGiven()
  @IsString()
  @MaxLength(255)
  @Matches(NO_NUL)
  resource_id?: string;

  @ApiProperty({ required: false, description: 'Only what this user did', format: 'uuid' })
  @IfGiven()
  @IsUUID()
  user_id?: string;

  @ApiProperty({ required: false, description: 'Only what belongs to this tenant', format: 'uuid' })
  @IfGiven()
  @IsUUID()
  tenant_id?: string;

  @ApiProperty({ required: false, description: 'Not before this time; RFC 3339', format: 'date-time' })
  @IfGiven()
  @IsISO8601({ strict: true })
  from?: string;

  @ApiProperty({ required: false, description: 'Before this time; RFC 3339', format: 'date-time' })
  @IfGiven()
  @IsISO8601({ strict: true })
  to?: string;
}

export class AuditLogDto {
  @ApiProperty({ description: 'Id of the entry', format: 'uuid' })
  id!: string;

  @ApiProperty({ type: Number, nullable: true, description: 'Place in the chain, from 1', example: 17 })
  seq!: number | null;

  @ApiProperty({ description: 'What happened', example: 'user.changed' })
  action!: string;

  @ApiProperty({ description: 'Kind of thing that it happened to', example: 'user' })
  resource_type!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Which thing' })
  resource_id!: string | null;

  @ApiProperty({ type: Object, description: 'Facts, without secrets', additionalProperties: true })
  details!: Record<string, unknown>;

  @ApiProperty({ type: String, nullable: true, description: 'Where the request came from', example: '192.0.2.7' })
  ip_address!: string | null;

  @ApiProperty({ description: 'Who did it; the system user when nobody is known', format: 'uuid' })
  user_id!: string;

  @ApiProperty({ description: 'E-mail address of who did it', example: 'grace@example.org' })
  user_email!: string;

  @ApiProperty({ description: 'Whose records it belongs to', format: 'uuid' })
  tenant_id!: string;

  @ApiProperty({ description: 'Whether an earlier build wrote it' })
  legacy!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Hash of the entry before it, SHA-256 in hex' })
  previous_hash!: string | null;

  @ApiProperty({ description: 'SHA-256 of previous_hash and the canonical text, in hex' })
  current_hash!: string;

  @ApiProperty({ description: 'RFC 3339, UTC', format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  created_at!: string;
}

export class AuditLogListDto {
  @ApiProperty({ type: [AuditLogDto], description: 'One page' })
  items!: AuditLogDto[];

  @ApiProperty({ description: 'Entries on all pages', example: 42 })
  total!: number;
}

export class AuditHeadDto {
  @ApiProperty({ description: 'Entries of the chain', example: 42 })
  seq!: number;

  @ApiProperty({ description: 'Hash of the last entry, SHA-256 in hex' })
  hash!: string;
}

export class AuditLegacyDto {
  @ApiProperty({ description: 'Entries that an earlier build wrote', example: 24 })
  entries!: number;

  @ApiProperty({ description: 'Time of the first of them; RFC 3339, UTC', format: 'date-time' })
  from!: string;

  @ApiProperty({ description: 'Time of the last of them; RFC 3339, UTC', format: 'date-time' })
  to!: string;
}

export class AuditBreakDto {
  @ApiProperty({ type: Number, nullable: true, description: 'Place in the chain; null for a row outside of it' })
  seq!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Id of the row, where it is known', format: 'uuid' })
  audit_id!: string | null;

  @ApiProperty({ description: 'What is wrong, one word for each kind', example: 'entry_differs' })
  reason!: string;

  @ApiProperty({ description: 'The same in a sentence' })
  explanation!: string;
}

export class AuditVerificationDto {
  @ApiProperty({ description: 'Whether every entry is as it was written' })
  valid!: boolean;

  @ApiProperty({ description: 'Entries found good, from the first on', example: 42 })
  checked!: number;

  @ApiProperty({ type: AuditLegacyDto, nullable: true, description: 'Entries of an earlier build; null without any' })
  legacy!: AuditLegacyDto | null;

  @ApiProperty({ type: AuditHeadDto, nullable: true, description: 'What the head says; null when it is gone' })
  head!: AuditHeadDto | null;

  @ApiProperty({ type: AuditBreakDto, nullable: true, description: 'The first row that is not; null when all are' })
  first_broken!: AuditBreakDto | null;
}
