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
    description:
      'What the caller should know: ignored parameters, impossible ranges, stale data, unit costs that are the last known ones',
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

/** A price that was read and is not believed yet (SPEC P4). */
export class QuarantineDto {
  @ApiProperty({ enum: ['price_jump'], description: 'Why it is held back' })
  reason!: string;

  @ApiProperty({ description: 'The price of one GPU-hour that is held back', example: 29.9 })
  price_per_hour!: number;

  @ApiProperty({ format: 'date-time', description: 'When it was first read' })
  held_since!: string;
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

  @ApiProperty({
    type: String,
    enum: ['fixed_price', 'auction'],
    nullable: true,
    description: 'For interruptible offers: a fixed price, or the floor of an auction; null when it is on demand',
  })
  spot_kind!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Commitment that the price needs', example: 'contract' })
  minimum_commitment!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Hours that are paid in advance at least', example: 24 })
  minimum_prepaid_hours!: number | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'What the price covers; null when the cloud does not say',
    example: ['gpu', 'cpu', 'ram'],
  })
  price_includes!: string[] | null;

  @ApiProperty({ format: 'date-time', description: 'When the price was last read from the source' })
  price_observed_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the source last spoke of stock; null when it never does',
  })
  availability_observed_at!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the availability last changed; null when it never did here',
  })
  availability_changed_at!: string | null;

  @ApiProperty({
    type: QuarantineDto,
    nullable: true,
    description: 'A newer price that is held back; null when none is',
  })
  quarantine!: QuarantineDto | null;

  @ApiProperty({
    type: [String],
    description: 'How each number follows from what the cloud said, one fact per sentence',
    example: ['The whole unit of 8 GPUs costs 19.92 USD per hour; divided by 8 that is 2.49 USD per GPU-hour.'],
  })
  explanation!: string[];

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

  @ApiProperty({
    type: Number,
    nullable: true,
    minimum: 0,
    maximum: 1,
    description:
      'Of the offers seen in one good sync, the share that the next good sync still had at the same price, over the last 24 h; null before the second',
    example: 0.94,
  })
  listing_truth!: number | null;

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
