import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ProviderItemDto } from './provider-item.dto';

export class ListMetaDto {
  @ApiProperty({
    description: 'Catalogue version of this answer; pass it back to read further pages of the same state',
    example: '1042',
  })
  version!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The filters as they were understood',
    example: { gpu_type: 'h100' },
  })
  applied_filters!: Record<string, unknown>;
}

/** A page of offers (SPEC P7). */
export class ProviderListDto {
  @ApiProperty({ description: 'Matches over all pages', example: 42 })
  total!: number;

  @ApiProperty({ type: [ProviderItemDto] })
  items!: ProviderItemDto[];

  @ApiProperty({ type: ListMetaDto })
  meta!: ListMetaDto;

  @ApiPropertyOptional({
    type: [String],
    description: 'What the caller should know: ignored parameters, impossible ranges, stale data',
  })
  warnings?: string[];
}

export class PricePointDto {
  @ApiProperty({ format: 'date-time', description: 'When the change was recorded' })
  recorded_at!: string;

  @ApiProperty({ description: 'Price of one GPU for one hour from then on', example: 2.49 })
  price_per_hour!: number;

  @ApiProperty({ description: 'Availability from then on', example: 'available' })
  availability_status!: string;
}

/** Every recorded change of one offer, oldest first (SPEC P7). */
export class PriceHistoryDto {
  @ApiProperty({ format: 'uuid' })
  offer_id!: string;

  @ApiProperty({ description: 'ISO 4217 code of the prices', example: 'USD' })
  currency!: string;

  @ApiProperty({ description: 'Number of points', example: 12 })
  total!: number;

  @ApiProperty({ type: [PricePointDto] })
  items!: PricePointDto[];
}

/** One offer with what the list leaves out. */
export class ProviderItemDetailDto extends ProviderItemDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The GPU name exactly as the cloud wrote it',
    example: 'H100 SXM',
  })
  upstream_gpu_name!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'How surely the name was recognised: exact, alias, family or unknown',
  })
  gpu_match!: string | null;

  @ApiProperty({
    description: 'False when the cloud says nothing about stock: availability_status is then an assumption',
  })
  availability_known!: boolean;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Further facts as the cloud gave them' })
  attributes!: Record<string, unknown>;
}

/** One cloud, and how its data is doing. */
export class CloudStatusDto {
  @ApiProperty({ description: 'Slug', example: 'vastai' })
  provider!: string;

  @ApiProperty({ example: 'Vast.ai' })
  provider_name!: string;

  @ApiProperty({ enum: ['active', 'inactive', 'maintenance'] })
  status!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where its rows come from now: live, catalog, emulator, or null when it is not synced',
  })
  source!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: 1,
    description: 'From observed syncs; null before the first',
  })
  reliability_score!: number | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Last good sync' })
  last_sync_at!: string | null;

  @ApiProperty({ description: 'True when the last good sync is older than three intervals' })
  stale!: boolean;

  @ApiProperty({ description: 'Offers listed now', example: 120 })
  offers!: number;

  @ApiProperty({ description: 'Failed syncs in a row', example: 0 })
  error_count!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the last sync failed or was held back; null when it was good',
    example: 'timeout',
  })
  last_failure!: string | null;

  @ApiProperty({ description: 'Seconds between two syncs', example: 300 })
  sync_interval_seconds!: number;

  @ApiProperty({ enum: ['closed', 'open', 'half_open'], description: 'State of the circuit breaker round its API' })
  breaker!: string;
}

export class CloudListDto {
  @ApiProperty({ example: 3 })
  total!: number;

  @ApiProperty({ type: [CloudStatusDto] })
  items!: CloudStatusDto[];
}
