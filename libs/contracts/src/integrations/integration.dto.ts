import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsString, MaxLength } from 'class-validator';
import { INTEGRATION_STATUSES, type IntegrationStatus } from './integration-terms';

export class StoreIntegrationDto {
  @ApiProperty({
    description: 'Slug of the cloud, as the list of integrations names it',
    example: 'runpod',
    maxLength: 64,
  })
  @IsString()
  @MaxLength(64)
  provider!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', minLength: 1, maxLength: 8192 },
    description: "The tenant's own key: exactly the members that credential_fields names for the cloud, each a text",
    example: { api_key: 'the-key-of-your-account' },
  })
  @IsObject()
  credentials!: Record<string, unknown>;
}

/** What is known of a tenant's key of one cloud. The key itself is never part of it. */
export class IntegrationDto {
  @ApiProperty({ description: 'Slug of the cloud', example: 'runpod' })
  provider!: string;

  @ApiProperty({ description: 'Name of the cloud', example: 'RunPod' })
  provider_name!: string;

  @ApiProperty({
    type: [String],
    description: 'Members of credentials that this cloud wants',
    example: ['api_key'],
  })
  credential_fields!: string[];

  @ApiProperty({
    enum: INTEGRATION_STATUSES,
    description: 'unverified: kept, and the cloud could not be asked yet; invalid: refused or no longer readable',
    example: 'ok',
  })
  status!: IntegrationStatus;

  @ApiProperty({ description: 'The status in a sentence, for people', example: 'The cloud accepts the key' })
  message!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'When the cloud was last asked about the key, whether or not it answered; RFC 3339, UTC',
    example: '2026-01-31T12:00:00.000Z',
  })
  last_checked!: string | null;
}

export class IntegrationListDto {
  @ApiProperty({ type: [IntegrationDto], description: 'Every supported cloud, by slug' })
  items!: IntegrationDto[];

  @ApiProperty({ description: 'How many there are', example: 15 })
  total!: number;
}
